/** Where partitions begin and end. */
import type { Admin } from "@platformatic/kafka";
import { comesTrue } from "../../until.ts";
import type { Places } from "./fetch.ts";
import { KafkaUnavailable, within } from "./outages.ts";

const DEADLINE_MS = 10_000;
const TIMESTAMPS = { start: -2n, end: -1n };

/**
 * @param committed `end` is then where the oldest transaction under way begins, or the very end.
 * @returns the offset of the first record of each partition, or the one behind the last.
 * @throws KafkaUnavailable, also when a topic is missing.
 */
export const placesOf = (
  admin: Admin,
  topics: readonly string[],
  which: "start" | "end",
  committed: boolean,
): Promise<Places> =>
  within(DEADLINE_MS, "offsets", async () => {
    const known = await admin.metadata({ topics: [...topics] });
    const asked = topics.map((name) => ({
      name,
      partitions: (known.topics.get(name)?.partitions ?? []).map((_, partitionIndex) => ({
        partitionIndex,
        timestamp: TIMESTAMPS[which],
      })),
    }));
    const listed = await admin.listOffsets({ topics: asked, isolationLevel: committed ? 1 : 0 });
    const places: Places = new Map();
    for (const { name, partitions } of listed) {
      const ofTopic = places.get(name) ?? new Map<number, bigint>();
      for (const { partitionIndex, offset } of partitions) ofTopic.set(partitionIndex, offset);
      places.set(name, ofTopic);
    }
    const missing = topics.find((name) => !places.has(name));
    if (missing) throw new KafkaUnavailable("UNKNOWN_TOPIC_OR_PARTITION", `no offsets of ${missing}`);
    return places;
  });

/** Kafka answers a commit first and writes its marks then, within some milliseconds. */
const MARKS_MS = 500;

export type Ends = {
  /** Where committed reading ends. */
  committed: Places;
  /** Where the topic ends. */
  all: Places;
  /** The partitions with records behind the end of committed reading. */
  open: { topic: string; partition: number }[];
};

/**
 * Waits for the marks of transactions that were answered, so that everything that was committed before the call is before the ends.
 * A transaction that is under way for longer is not waited for.
 * @throws KafkaUnavailable, also when a topic is missing.
 */
export async function endsOf(admin: Admin, topics: readonly string[]): Promise<Ends> {
  const all = await placesOf(admin, topics, "end", false);
  let committed: Places = new Map();
  let open: Ends["open"] = [];
  const isDone = async (): Promise<boolean> => {
    committed = await placesOf(admin, topics, "end", true);
    open = [...all].flatMap(([topic, partitions]) =>
      [...partitions]
        .filter(([partition, end]) => (committed.get(topic)?.get(partition) ?? 0n) < end)
        .map(([partition]) => ({ topic, partition })),
    );
    return open.length === 0;
  };
  await comesTrue(isDone, { withinMs: MARKS_MS });
  return { committed, all, open };
}
