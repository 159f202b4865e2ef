/** Makes topics that are missing, and compares those that are there. Changes none. */
import type { Admin } from "@platformatic/kafka";
import { comesTrue } from "../../until.ts";
import { KafkaUnavailable, within } from "./outages.ts";
import type { TopicSpec } from "./topics.ts";

export type EnsuredTopics = {
  /** Names of those that were missing. */
  made: string[];
  /** A sentence for each topic that is not as its specification: its name, what it has, what was expected. */
  differences: string[];
};

const DEADLINE_MS = 15_000;
const TOPIC = 2;
/** Another process made it at the same moment. */
const EXISTS = "TOPIC_ALREADY_EXISTS";

/** @returns when each topic has a leader for each partition. @throws KafkaUnavailable, also when this user may not make topics. */
export async function ensureTopics(admin: Admin, specs: readonly TopicSpec[]): Promise<EnsuredTopics> {
  const made: string[] = [];
  const present = new Set(await within(DEADLINE_MS, "topics", () => admin.listTopics()));
  for (const spec of specs.filter(({ name }) => !present.has(name)))
    if (await make(admin, spec)) made.push(spec.name);
  const names = specs.map(({ name }) => name);
  if (!(await comesTrue(() => haveLeaders(admin, names), { withinMs: DEADLINE_MS })))
    throw new KafkaUnavailable("LEADER_NOT_AVAILABLE", "new topics have no leaders");
  const old = specs.filter(({ name }) => !made.includes(name));
  return { made, differences: old.length > 0 ? await compare(admin, old) : [] };
}

/** @returns false if it is there by now. */
async function make(admin: Admin, { name, partitions, replicas, config }: TopicSpec): Promise<boolean> {
  const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  try {
    await within(DEADLINE_MS, "making a topic", () =>
      admin.createTopics({ topics: [{ topic: name, partitions, replicas }], configs }),
    );
    return true;
  } catch (error) {
    if (error instanceof KafkaUnavailable && error.kind === EXISTS) return false;
    throw error;
  }
}

async function haveLeaders(admin: Admin, topics: string[]): Promise<boolean> {
  try {
    const known = await within(DEADLINE_MS, "metadata", () =>
      admin.metadata({ topics: [...topics], forceUpdate: true }),
    );
    return topics.every((name) => known.topics.get(name)?.partitions.every(({ leader }) => leader >= 0));
  } catch (error) {
    // A broker that has not heard of a new topic says that there is none.
    if (error instanceof KafkaUnavailable && ["user", "UNKNOWN_TOPIC_OR_PARTITION"].includes(error.kind))
      return false;
    throw error;
  }
}

async function compare(admin: Admin, specs: readonly TopicSpec[]): Promise<string[]> {
  const topics = specs.map(({ name }) => name);
  const known = await within(DEADLINE_MS, "metadata", () => admin.metadata({ topics: [...topics] }));
  const described = await within(DEADLINE_MS, "settings of topics", () =>
    admin.describeConfigs({
      resources: specs.map(({ name, config }) => ({
        resourceType: TOPIC,
        resourceName: name,
        configurationKeys: Object.keys(config),
      })),
    }),
  );
  return specs.flatMap(({ name, partitions, replicas, config }) => {
    const parts = known.topics.get(name)?.partitions ?? [];
    const has = described.find(({ resourceName }) => resourceName === name)?.configs ?? [];
    const facts: [what: string, found: unknown, wanted: unknown][] = [
      ["partitions", parts.length, partitions],
      ["replicas", parts[0]?.replicas.length, replicas],
      ...Object.entries(config).map(([key, value]): [string, unknown, unknown] => [
        key,
        has.find((each) => each.name === key)?.value,
        value,
      ]),
    ];
    return facts
      .filter(([, found, wanted]) => String(found) !== String(wanted))
      .map(([what, found, wanted]) => `topic ${name}: ${what} is ${found}, expected ${wanted}`);
  });
}
