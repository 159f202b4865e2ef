/** Rows of the outbox as records of Kafka. Pure. */
import { type ArchivedEvent, archivedEventJson } from "../../shared/server/events/archived-event.ts";
import { headersOf } from "../../shared/server/kafka/envelope.ts";
import type { NewRecord } from "../../shared/server/kafka/records.ts";
import type { OutboxRow } from "./outbox-queries.ts";

export type OutboxTarget = {
  /** The id of the cluster. */
  cluster: string;
  /** The first part of the names of all topics. */
  prefix: string;
  /** The partition of a room's messages. */
  shardOf: (room: string) => number;
};
/** A message as it is now. `epoch`: where its epoch began. */
export type MessageNow = ArchivedEvent & { epoch: number };

/** The kinds of things, by the last part of their topic. */
const KINDS: Record<string, string> = {
  users: "user",
  rooms: "room",
  audit: "act",
  "command-results": "command-result",
};
/**
 * Things that never change, which their key names for ever. The id of a command is its sender's choice, so that several answers may
 * have it.
 */
const FINAL: ReadonlySet<string> = new Set(["audit"]);

/**
 * One record for each row, in the same order. One that deletes its key has nothing but the key.
 * @param messages by the places of their rows; a message that is missing is gone.
 */
export const outboxRecords = (
  rows: readonly OutboxRow[],
  messages: ReadonlyMap<number, MessageNow>,
  target: OutboxTarget,
): NewRecord[] =>
  rows.map((row) => {
    const { topic, key } = row;
    const things = topic.split(".").at(-1) ?? "";
    const isMessage = things === "messages";
    const room = isMessage ? key.slice(0, key.indexOf("/")) : undefined;
    return {
      topic: `${target.prefix}.${topic}`,
      partition: room === undefined ? 0 : target.shardOf(room),
      key,
      ...(room === undefined
        ? stateOf(row, things, target)
        : messageOf(room, messages.get(row.place), target)),
    };
  });

type Content = Pick<NewRecord, "value" | "headers">;

function stateOf({ key, value, at, place }: OutboxRow, things: string, { cluster }: OutboxTarget): Content {
  if (value === undefined) return {};
  const id = FINAL.has(things) ? `${things}/${key}` : `${things}/${key}/${place}`;
  const about = { cluster, id, kind: KINDS[things] ?? things, subject: key };
  return { value: JSON.stringify(value), headers: headersOf({ ...about, at: isAct(value) ? value.at : at }) };
}

/** With the id of its event, whose place in the room it says, but not the event before it. */
function messageOf(room: string, message: MessageNow | undefined, { cluster }: OutboxTarget): Content {
  if (message === undefined || message.deleted) return {};
  const { epoch, seq, at, kind } = message;
  const headers = headersOf({ cluster, id: `${room}/${epoch}/${seq}`, kind, at, subject: room });
  return {
    value: archivedEventJson(room, message),
    headers: { ...headers, ce_partitionkey: room, ce_sequence: String(seq) },
  };
}

/** An act has the time at which it happened. */
const isAct = (value: unknown): value is { at: number } =>
  typeof (value as { at?: unknown } | undefined)?.at === "number";
