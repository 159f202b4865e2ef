/** A real Kafka whose client fails at a chosen step, once. */
import type { NewRecord } from "../../../shared/server/kafka/records.ts";
import type { UsedKafka } from "./publishing.ts";

/**
 * Where a publisher may die, or lose an answer. `sent half`: the first records of a transaction are stored. `committed`: Kafka has committed,
 * and nobody learns of it.
 */
export const STEPS = [
  ...([
    "topics",
    "open",
    "opened",
    "read",
    "begin",
    "send",
    "sent half",
    "sent",
    "commit",
    "committed",
  ] as const),
];
export type Step = (typeof STEPS)[number];

/** @returns `failAt` makes a step fail the next time that it is reached. */
export function createFailingKafka(kafka: UsedKafka) {
  const planned = new Map<Step, () => Error>();
  const reach = (step: Step): void => {
    const error = planned.get(step);
    planned.delete(step);
    if (error) throw error();
  };

  const failing: UsedKafka = {
    ping: kafka.ping,
    async ensureTopics(specs) {
      reach("topics");
      return kafka.ensureTopics(specs);
    },
    async readAll(topic, visit) {
      await kafka.readAll(topic, visit);
      reach("read");
    },
    async openProducer(options) {
      reach("open");
      const producer = await kafka.openProducer(options);
      reach("opened");
      return {
        ...producer,
        async begin() {
          reach("begin");
          await producer.begin();
        },
        async send(records: readonly NewRecord[]) {
          reach("send");
          await producer.send(records.slice(0, records.length >> 1));
          reach("sent half");
          await producer.send(records.slice(records.length >> 1));
          reach("sent");
        },
        async commit() {
          reach("commit");
          await producer.commit();
          reach("committed");
        },
      };
    },
  };
  return {
    kafka: failing,
    failAt: (step: Step, error: () => Error): void => void planned.set(step, error),
    /** The steps that are yet to fail. */
    planned: (): Step[] => [...planned.keys()],
  };
}
