/** Sends one command to the gateways, signed, and waits for its answer. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Answer, Command } from "../../../shared/kafka-commands.ts";
import { signCommand } from "../../../shared/server/identity/command-signature.ts";
import type { Kafka } from "../../../shared/server/kafka/client.ts";
import { topicNames } from "../../../shared/server/kafka/topics.ts";
import type { CommandKey } from "../../../shared/server/process/kafka-settings.ts";
import { Problem } from "../cli/problem.ts";
import { missingTopic } from "./with-kafka.ts";

type Place = { kafka: Kafka; prefix: string; key: CommandKey };
type Results = {
  find: () => Answer | undefined;
  missing: () => Problem | undefined;
  stop: () => Promise<void>;
};

const LOOK_MS = 50;

/**
 * @param waitMs how long to wait for the answer.
 * @throws Problem without an answer in time; without the topics, which the worker and the gateways make.
 */
export async function sendCommand(
  { kafka, prefix, key }: Place,
  command: Command,
  waitMs: number,
): Promise<Answer> {
  const { commands, commandResults } = topicNames(prefix);
  const results = await watchResults(kafka, commandResults, command.id);
  try {
    const value = JSON.stringify(command);
    const producer = await kafka.openProducer({ transactionalId: `${prefix}-command-${randomUUID()}` });
    try {
      await producer.begin();
      await producer.send([{ topic: commands, key: key.name, value, headers: signCommand(key, value) }]);
      await producer.commit();
    } catch (error) {
      throw missingTopic(error, commands) ?? error;
    } finally {
      await producer.close();
    }
    const until = performance.now() + waitMs;
    for (;;) {
      const found = results.find();
      if (found) return found;
      const problem = results.missing();
      if (problem) throw problem;
      if (performance.now() > until)
        throw new Problem(`No gateway has answered ${command.id} within ${waitMs / 1_000} s`);
      await wait(LOOK_MS);
    }
  } finally {
    await results.stop();
  }
}

/** Resolves when no later answer can be missed. */
async function watchResults(kafka: Kafka, topic: string, id: string): Promise<Results> {
  let found: Answer | undefined;
  let missing: Problem | undefined;
  const tail = kafka.tail({
    ...{ topics: [topic], from: "end", committed: true },
    onRecords(records) {
      for (const { key, value } of records)
        if (key === id && value) found ??= JSON.parse(String(value)) as Answer;
    },
    onOutage: (error) => {
      missing = missingTopic(error, topic);
    },
  });
  while (tail.places().size === 0 && !missing) await wait(LOOK_MS);
  return { find: () => found, missing: () => missing, stop: tail.stop };
}
