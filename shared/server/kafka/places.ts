/** Where partitions begin and end. */
import type { Admin } from "@platformatic/kafka";
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
