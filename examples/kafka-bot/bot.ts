/** A bot that hears what people say from `suda.messages` and answers through `suda.commands`. See README.md. */
import { setTimeout as wait } from "node:timers/promises";
import type { Command } from "../../shared/kafka-commands.ts";
import { signCommand } from "../../shared/server/identity/command-signature.ts";
import { kafkaAccessOf, openKafka } from "../../shared/server/kafka/client.ts";
import { KafkaUnavailable } from "../../shared/server/kafka/outages.ts";
import type { KafkaProducer } from "../../shared/server/kafka/producer.ts";
import type { StoredRecord } from "../../shared/server/kafka/records.ts";
import { topicNames } from "../../shared/server/kafka/topics.ts";
import { loadOwnConfig } from "../../shared/server/process/config.ts";
import type { MessageEvent } from "../../shared/server-frames.ts";

/** An answer that comes later than this helps nobody. */
const LATE_MS = 60_000;
const AGAIN_MS = 1_000;

const config = loadOwnConfig();
const [key] = config.kafkaCommandKeys;
if (!key)
  throw new Error("SUDA_KAFKA_BROKERS and SUDA_KAFKA_COMMAND_KEYS: where Kafka is, and the key of this bot");
const { name } = key;
const topics = topicNames(config.kafkaTopics);
const kafka = openKafka(kafkaAccessOf(config), name);
let producer: KafkaProducer | undefined;

const tail = kafka.tail({
  ...{ topics: [topics.messages], from: "end", committed: true },
  onRecords: async (records) => answer(records.flatMap((record) => commandFor(record) ?? [])),
  onOutage: (error) => process.stderr.write(`waits for Kafka: ${error.message}\n`),
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
// From then on it misses nothing.
while (tail.places().size === 0) await wait(100);
process.stdout.write(`${name} listens\n`);
await tail.ended;

async function stop(): Promise<void> {
  await tail.stop();
  await producer?.close();
  await kafka.close();
  process.exit();
}

function commandFor({ value, headers }: StoredRecord): Command | undefined {
  // A record without a value says that a message is gone.
  if (!value) return undefined;
  const { room, seq, at, user, text = "" } = JSON.parse(String(value)) as MessageEvent;
  const said = user.nickname === name ? undefined : replyTo(text);
  if (said === undefined || Date.now() > at + LATE_MS) return undefined;
  // The id follows from the message, so that a bot which reads it again asks for the same answer, and that is given once.
  const id = headers.ce_id?.replaceAll("/", ".") ?? `${room}.${seq}`;
  return { id, type: "send", expires: at + LATE_MS, room, text: said, replyTo: seq };
}

function replyTo(text: string): string | undefined {
  if (text === "!ping") return "pong";
  const dice = /^!dice(?: ([1-9]\d{0,2}))?$/.exec(text);
  return dice ? `🎲 ${1 + Math.floor(Math.random() * Number(dice[1] ?? 6))}` : undefined;
}

async function answer(commands: Command[]): Promise<void> {
  if (commands.length === 0 || !key) return;
  const records = commands.map((command) => {
    const value = JSON.stringify(command);
    return { topic: topics.commands, value, headers: signCommand(key, value) };
  });
  for (;;) {
    try {
      if (!producer?.usable())
        producer = await kafka.openProducer({ transactionalId: `${config.kafkaTopics}-${name}` });
      await producer.begin();
      await producer.send(records);
      return await producer.commit();
    } catch (error) {
      if (!(error instanceof KafkaUnavailable)) throw error;
      // Perhaps it was sent all the same; a second time does no harm, because the ids are the same.
      await wait(AGAIN_MS);
    }
  }
}
