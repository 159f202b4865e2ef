/** Rows of the outbox as records of Kafka. Pure. */
import { headersOf } from "../../shared/server/kafka/envelope.ts";
import type { NewRecord } from "../../shared/server/kafka/records.ts";
import type { OutboxRow } from "./outbox-queries.ts";

type Target = {
  /** The id of the cluster. */
  cluster: string;
  /** The first part of the names of all topics. */
  prefix: string;
  /** The partition of a room's messages. */
  partitionOf: (room: string) => number;
};

/** The kinds of things, by the last part of their topic. */
const KINDS: Record<string, string> = {
  users: "user",
  rooms: "room",
  audit: "act",
  messages: "message",
  "command-results": "command-result",
};
/**
 * Things that never change, which their key names for ever. The id of a command is its sender's choice, so that several answers may
 * have it.
 */
const FINAL: ReadonlySet<string> = new Set(["audit"]);

/** One record for each row, in the same order. One that deletes its key has nothing but the key. */
export const outboxRecords = (
  rows: readonly OutboxRow[],
  { cluster, prefix, partitionOf }: Target,
): NewRecord[] =>
  rows.map(({ topic, key, value, at, place }) => {
    const things = topic.split(".").at(-1) ?? "";
    const partition = things === "messages" ? partitionOf(key.slice(0, key.indexOf("/"))) : 0;
    const record = { topic: `${prefix}.${topic}`, partition, key };
    if (value === undefined) return record;
    return {
      ...record,
      value: JSON.stringify(value),
      headers: headersOf({
        cluster,
        id: FINAL.has(things) ? `${things}/${key}` : `${things}/${key}/${place}`,
        kind: KINDS[things] ?? things,
        at: isActOf(value) ? value.at : at,
        subject: key,
      }),
    };
  });

/** An act has the time at which it happened. */
const isActOf = (value: unknown): value is { at: number } =>
  typeof (value as { at?: unknown } | undefined)?.at === "number";
