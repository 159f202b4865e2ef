/**
 * Fetches records from places in partitions, without a consumer group and without a session at the broker: each question names all
 * places, and what is read is up to its caller alone.
 */
import type { Admin, fetchV17 as fetchTypes, RecordsBatch } from "@platformatic/kafka";
import { offsetBehind, readableBatches } from "./committed.ts";
import { fetchV13, fetchV14, fetchV15, fetchV16, fetchV17 } from "./library.ts";
import { KafkaUnavailable, within } from "./outages.ts";
import type { StoredRecord } from "./records.ts";

/** The next offset to read of each partition of each topic. */
export type Places = Map<string, Map<number, bigint>>;

export type Fetched = {
  topic: string;
  partition: number;
  /** Where to read on. */
  next: bigint;
  /** Behind the last record that may be read so far. */
  end: bigint;
  records: StoredRecord[];
};

/** The broker waits so long for news before it answers that there is none. */
const WAIT_MS = 500;
const DEADLINE_MS = 10_000;
const ANSWER_BYTES = 8 << 20;
const PARTITION_BYTES = 1 << 20;
/** Versions 13 and later name topics by their id, and Kafka 3.1 and later have one of these. */
const VERSIONS = [fetchV17, fetchV16, fetchV15, fetchV14, fetchV13];

export type Fetcher = (places: Places, committed: boolean, waitMs?: number) => Promise<Fetched[]>;

/** @returns a function that asks the leader of each partition once. @throws KafkaUnavailable */
export function createFetcher(admin: Admin): Fetcher {
  let version: (typeof VERSIONS)[number] | undefined;

  return (places, committed, waitMs = WAIT_MS) =>
    within(DEADLINE_MS, "fetch", async () => {
      version ??= await newestVersion(admin);
      const { api } = version;
      const { topics } = await admin.metadata({ topics: [...places.keys()] });
      const leaders = new Map<number, Places>();
      for (const [topic, partitions] of places)
        for (const [partition, offset] of partitions) {
          const leader = topics.get(topic)?.partitions[partition]?.leader ?? -1;
          const ofLeader = leaders.get(leader) ?? new Map<string, Map<number, bigint>>();
          const ofTopic = ofLeader.get(topic) ?? new Map<number, bigint>();
          leaders.set(leader, ofLeader.set(topic, ofTopic.set(partition, offset)));
        }
      const idOf = (topic: string): string => topics.get(topic)?.id ?? "";
      try {
        const answers = [...leaders].map(async ([leader, asked]) => {
          const connection = (await admin.connectToBrokers([leader])).get(leader);
          if (!connection) throw new KafkaUnavailable("LEADER_NOT_AVAILABLE", "a partition has no leader");
          const level = committed ? 1 : 0;
          const wanted = [...asked].map(([topic, partitions]) => questionOf(idOf(topic), partitions));
          const limits = [waitMs, 1, ANSWER_BYTES, level, 0, -1] as const;
          const response = await api.async(connection, ...limits, wanted, [], "");
          return fetchedOf(response, asked, idOf, committed);
        });
        return (await Promise.all(answers)).flat();
      } catch (error) {
        // The leader may be another one now.
        admin.clearMetadata();
        throw error;
      }
    });
}

async function newestVersion(admin: Admin) {
  const range = (await admin.listApis()).find(({ name }) => name === "Fetch");
  const version = VERSIONS.find(
    ({ api }) => range && api.version <= range.maxVersion && api.version >= range.minVersion,
  );
  if (!version) throw new KafkaUnavailable("UNSUPPORTED_VERSION", "Kafka is older than 3.1");
  return version;
}

const questionOf = (topicId: string, partitions: Map<number, bigint>) => ({
  topicId,
  partitions: [...partitions].map(([partition, fetchOffset]) => ({
    partition,
    fetchOffset,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    partitionMaxBytes: PARTITION_BYTES,
  })),
});

function fetchedOf(
  { responses }: fetchTypes.FetchResponse,
  asked: Places,
  idOf: (topic: string) => string,
  committed: boolean,
): Fetched[] {
  const names = new Map([...asked.keys()].map((topic) => [idOf(topic), topic]));
  return responses.flatMap(({ topicId, partitions }) => {
    const topic = names.get(topicId) ?? "";
    return partitions.flatMap((answer) => {
      const from = asked.get(topic)?.get(answer.partitionIndex);
      if (from === undefined) return [];
      const partition = answer.partitionIndex;
      return {
        topic,
        partition,
        next: offsetBehind(answer) ?? from,
        end: committed ? answer.lastStableOffset : answer.highWatermark,
        records: readableBatches(answer, committed)
          .flatMap((batch) => recordsOf(batch, topic, partition))
          // A batch is sent whole, also when its first records were read before.
          .filter(({ offset }) => offset >= from),
      };
    });
  });
}

/** The broker wrote the time of the batch; those of its records are its producer's. */
const IS_LOG_APPEND_TIME = 1 << 3;

const recordsOf = (batch: RecordsBatch, topic: string, partition: number): StoredRecord[] =>
  batch.records.map(({ key, value, headers, offsetDelta, timestampDelta }) => ({
    topic,
    partition,
    offset: batch.firstOffset + BigInt(offsetDelta),
    key: key?.toString(),
    value: value ?? undefined,
    headers: Object.fromEntries(headers.map(([name, text]) => [String(name ?? ""), String(text ?? "")])),
    at: Number(
      batch.attributes & IS_LOG_APPEND_TIME ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta,
    ),
  }));
