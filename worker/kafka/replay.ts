/** Writes events of the archive into a topic once more: with the values, ids and headers that they had when they were published. */
import type { Kafka } from "../../shared/server/kafka/client.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { recordsOf } from "./event-records.ts";
import { gather } from "./gather.ts";
import { createPublishQueries } from "./publish-queries.ts";
import { createReplayQueries, type ReplayedDays } from "./replay-queries.ts";

export type ReplayDeps = {
  sql: Sql;
  kafka: Pick<Kafka, "openProducer" | "readAll">;
  /** The id of the cluster. */
  cluster: string;
  room: string;
  days: ReplayedDays;
  topic: string;
  /** @param share of the way, by seqs, from 0 to 1. */
  onProgress: (events: number, share: number) => void;
  signal: AbortSignal;
};
export type Replayed = { events: number; isWhole: boolean };

const KINDS = ["public", "private", "direct"] as const;

/**
 * Goes on behind the last event of the room that the topic has, so that a replay that was interrupted can be repeated. Each transaction has
 * up to 2,000 events. Another replay into the same topic ends the one under way.
 * @throws Error when the room has no events on these days. KafkaUnavailable
 */
export async function replay(deps: ReplayDeps): Promise<Replayed> {
  const { sql, kafka, cluster, room, days, topic, onProgress, signal } = deps;
  const seqs = await createReplayQueries(sql).findSeqs(room, days);
  if (!seqs) throw new Error(`${room} has no events from ${days.from} until ${days.until}`);
  const queries = createPublishQueries(sql, KINDS);
  const bounded = {
    ...queries,
    findRooms: async (names: readonly string[]) =>
      (await queries.findRooms(names)).map((found) => ({ ...found, lastSeq: seqs.upTo })),
  };
  const producer = await kafka.openProducer({ transactionalId: `replay-${topic}` });
  try {
    const begin = Math.max(seqs.above, await lastSeqIn(kafka, topic, room));
    let above = begin;
    let events = 0;
    while (above < seqs.upTo && !signal.aborted) {
      const [turn] = await gather(bounded, [room], () => above);
      if (!turn || turn.upTo === above) break;
      const places = { topicsOf: () => ({ events: topic, messages: "", published: "" }), shardOf: () => 0 };
      const records = recordsOf(turn, new Map(), { ...places, cluster: () => cluster })
        .filter((record) => record.topic === topic)
        // By the key: the topic has as many partitions as its owner wants.
        .map(({ partition, ...record }) => record);
      await producer.begin();
      await producer.send(records);
      await producer.commit();
      above = turn.upTo;
      events += records.length;
      onProgress(events, (above - begin) / (seqs.upTo - begin));
    }
    return { events, isWhole: above >= seqs.upTo };
  } finally {
    await producer.close();
  }
}

async function lastSeqIn(kafka: Pick<Kafka, "readAll">, topic: string, room: string): Promise<number> {
  let last = 0;
  await kafka.readAll(topic, ({ headers }) => {
    if (headers.ce_subject === room) last = Math.max(last, Number(headers.ce_sequence ?? 0));
  });
  return last;
}
