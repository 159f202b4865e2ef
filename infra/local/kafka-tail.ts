/** `npm run -s kafka:tail`: prints records of Kafka, or checks that events come once, in order and without a gap. */
import type { Kafka } from "../../shared/server/kafka/client.ts";
import type { StoredRecord } from "../../shared/server/kafka/records.ts";
import { readOptions } from "./cli/options.ts";
import { Problem, runCommand } from "./cli/problem.ts";
import { createChecker, createPrinter, type RecordReader } from "./kafka/record-readers.ts";
import { fullTopic, missingTopic, ownTopics, withKafka } from "./kafka/with-kafka.ts";

const USAGE = `npm run -s kafka:tail -- --topic T --room R --from beginning|end --check --once --data DIR

Prints the committed records of a topic, one a line: partition:offset, key, type, value.
  --topic   events, messages, rooms, users, audit, command-results, private.events ..., or the full name of another one; by default events
  --room    only records of this room
  --from    beginning, or end for those that come from now on; by default end
  --check   checks events instead of printing them: a line each second, and exit code 1 after a repeat or a gap
  --once    from the beginning to what is there now

Kafka is that of SUDA_KAFKA_BROKERS, or else the one of the running cluster of --data.`;
const EVERY_MS = 1_000;

type Place = { topic: string; from: "start" | "end" };

const print = (line: string): void => void process.stdout.write(`${line}\n`);

await runCommand(async () => {
  const { values, data } = readOptions(process.argv.slice(2), USAGE, 0, {
    topic: { type: "string", default: "events" },
    room: { type: "string" },
    from: { type: "string" },
    check: { type: "boolean", default: false },
    once: { type: "boolean", default: false },
  });
  const { room, from = values.once ? "beginning" : "end" } = values;
  if (!["beginning", "end"].includes(from)) throw new Problem(`--from: beginning or end\n${USAGE}`);
  if (values.once && from === "end") throw new Problem(`--once begins at the beginning\n${USAGE}`);
  // The other end of a pipe has read enough.
  process.stdout.on("error", () => process.exit());
  await withKafka(data, async ({ kafka, prefix }) => {
    const topic = fullTopic(values.topic, prefix);
    const isWanted = ({ key = "" }: StoredRecord): boolean =>
      room === undefined || key === room || key.startsWith(`${room}/`);
    const isOwn = ownTopics(prefix).includes(topic);
    const reader = values.check ? createChecker(isWanted, print, isOwn) : createPrinter(isWanted, print);
    if (values.once) await readToEnd(kafka, topic, reader);
    else await follow(kafka, { topic, from: from === "end" ? "end" : "start" }, reader);
    reader.end();
  });
});

async function readToEnd(kafka: Kafka, topic: string, reader: RecordReader): Promise<void> {
  try {
    await kafka.readAll(topic, (record) => reader.take([record]));
  } catch (error) {
    throw missingTopic(error, topic) ?? error;
  }
  reader.tell(0n);
}

async function follow(kafka: Kafka, { topic, from }: Place, reader: RecordReader): Promise<void> {
  let missing: Problem | undefined;
  let waits = false;
  const tail = kafka.tail({
    ...{ topics: [topic], from, committed: true },
    onRecords(records) {
      waits = false;
      reader.take(records);
    },
    onOutage(error) {
      missing = missingTopic(error, topic);
      if (missing) void tail.stop();
      else if (!waits) process.stderr.write(`waits for Kafka: ${error.message}\n`);
      waits = true;
    },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void tail.stop());
  const timer = setInterval(() => reader.tell(tail.lag()), EVERY_MS);
  try {
    await tail.ended;
  } finally {
    clearInterval(timer);
  }
  if (missing) throw missing;
  reader.tell(tail.lag());
}
