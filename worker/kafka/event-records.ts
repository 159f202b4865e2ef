/** Makes the records of events: each event in the topic of events, what is left of each message in the compacted one. Pure. */
import { eventHeaders, messageKey } from "../../shared/server/kafka/envelope.ts";
import type { NewRecord } from "../../shared/server/kafka/records.ts";
import type { PrivateTopicNames } from "../../shared/server/kafka/topics.ts";
import type { ReadEvent, Turn } from "./gather.ts";
import type { Removal, RoomKind } from "./publish-queries.ts";

type RoomTopics = Pick<PrivateTopicNames, "events" | "messages" | "published">;
export type RecordPlaces = {
  topicsOf: (kind: RoomKind) => RoomTopics;
  /** The id of the cluster. */
  cluster: () => string;
  /** The shard of a room, which is its partition. */
  shardOf: (room: string) => number;
};

/** The seqs of the messages that each `removed` event blanked, by its room and seq. */
export type Removed = ReadonlyMap<string, readonly number[]>;
export const removalKey = (roomId: number, seq: number): string => `${roomId} ${seq}`;

/**
 * @returns the records of a turn, in their order, the watermark of the room last; none of a turn without events.
 */
export function recordsOf(
  turn: Turn,
  removed: Removed,
  { topicsOf, cluster, shardOf }: RecordPlaces,
): NewRecord[] {
  const { room, above } = turn;
  const topics = topicsOf(room.kind);
  const partition = shardOf(room.name);
  const records: NewRecord[] = [];
  const add = (topic: string, key: string, value?: Buffer, headers?: Record<string, string>): void =>
    void records.push({
      topic,
      partition,
      key,
      ...(value === undefined ? {} : { value }),
      ...(headers ? { headers } : {}),
    });
  let previous = above;
  for (const event of turn.events) {
    const { seq, kind, at, json } = event;
    const epoch = epochOf(room.bases, seq);
    const headers = eventHeaders({ cluster: cluster(), room: room.name, epoch, seq, previous, kind, at });
    add(topics.events, room.name, json, headers);
    if (kind === "message" && !event.deleted) {
      // In a compacted topic, nothing comes surely after anything.
      const { ce_previous: _, ...ofMessage } = headers;
      add(topics.messages, messageKey(room.name, seq), json, ofMessage);
    }
    for (const gone of goneBy(event, removed)) add(topics.messages, messageKey(room.name, gone));
    previous = seq;
  }
  if (records.length > 0)
    records.push({ topic: topics.published, partition: 0, key: room.name, value: watermarkOf(previous) });
  return records;
}

/** The highest base below the seq; 0 for the first epoch. @param bases in order. */
export function epochOf(bases: readonly number[], seq: number): number {
  return bases.findLast((base) => base < seq) ?? 0;
}

/** @returns seqs of messages that have no text any more: the event itself, or those that it deletes. */
function goneBy({ roomId, seq, kind, deleted, data }: ReadEvent, removed: Removed): readonly number[] {
  if (kind === "message") return deleted ? [seq] : [];
  if (kind === "deleted") return typeof data?.target === "number" ? [data.target] : [];
  return removed.get(removalKey(roomId, seq)) ?? [];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The removals among the events of a turn, without those that removed nothing because they are malformed. */
export function removalsIn({ room, events }: Turn): Removal[] {
  return events.flatMap(({ kind, seq, data }) => {
    if (kind !== "removed") return [];
    const { author, from } = data ?? {};
    if (typeof author !== "string" || !UUID.test(author) || !Number.isSafeInteger(from)) return [];
    return [{ roomId: room.id, seq, author, from: Number(from) }];
  });
}

/** The value in the topic of watermarks. */
export const watermarkOf = (seq: number): string => JSON.stringify({ seq });

/** @throws Error when another hand than Suda's wrote it: to go on from anywhere else would double or leave out. */
export function readWatermark(value: Buffer): number {
  const seq = /^\{"seq":(\d+)\}$/.exec(value.toString("latin1"))?.[1];
  if (seq === undefined) throw new Error(`not a watermark: ${value.toString("utf8", 0, 100)}`);
  return Number(seq);
}
