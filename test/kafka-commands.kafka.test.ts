/** The commands that read Kafka and write archives into it, as a person runs them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childEnvironment } from "../infra/local/cli/environment.ts";
import { eventHeaders } from "../shared/server/kafka/envelope.ts";
import type { NewRecord } from "../shared/server/kafka/records.ts";
import { until } from "../shared/until.ts";
import { describeKafka, makeTopic, type TestKafka, useKafka } from "./support/kafka.ts";
import { ROOT } from "./support/sources.ts";

type Event = [room: string, seq: number, previous: number];

describeKafka("npm run kafka:tail", () => {
  const suite = useKafka();
  let count = 0;

  test("prints the committed records of a topic, and those of one room", async () => {
    const topic = await topicWith([
      ["tea", 1, 0],
      ["milk", 1, 0],
      ["tea", 2, 1],
    ]);
    const [all, ofTea] = await Promise.all([
      run(suite, ["--topic", topic, "--once"]),
      run(suite, ["--topic", topic, "--once", "--room", "tea"]),
    ]);
    expect(all).toMatchObject({ code: 0, stderr: "" });
    expect(all.stdout.trim().split("\n")).toEqual([
      '0:0 tea suda.message {"seq":1}',
      '0:1 milk suda.message {"seq":1}',
      '0:2 tea suda.message {"seq":2}',
    ]);
    expect(ofTea.stdout.trim().split("\n")).toHaveLength(2);
  });

  test("finds nothing wrong with events that come once and in order", async () => {
    const topic = await topicWith([
      ["tea", 1, 0],
      ["milk", 5, 0],
      ["tea", 2, 1],
      ["tea", 2_000_003, 2],
    ]);
    const { code, stdout } = await run(suite, ["--topic", topic, "--once", "--check"]);
    expect([code, stdout]).toEqual([0, "4 events of 2 rooms, lag 0, 0 repeats, 0 gaps\n"]);
  });

  test("tells each repeat and each gap, in the cluster's own topic also of a room's first event, and ends with 1", async () => {
    const own = `${suite.prefix}.events`;
    await makeTopic(suite.kafka, own);
    const events: Event[] = [
      ["tea", 2, 1],
      ["tea", 2, 1],
      ["tea", 5, 4],
    ];
    await send(own, events);
    const other = await topicWith(events);
    const [ofOwn, ofOther] = await Promise.all([
      run(suite, ["--once", "--check"], { SUDA_KAFKA_TOPICS: suite.prefix }),
      run(suite, ["--once", "--check", "--topic", other]),
    ]);
    expect(ofOwn).toMatchObject({ code: 1, stderr: "1 repeats, 2 gaps\n" });
    expect(ofOwn.stdout.split("\n").slice(0, 3)).toEqual([
      "gap: tea 2 comes after 0, and says that it follows 1",
      "repeat: tea 2 comes after 2",
      "gap: tea 5 comes after 2, and says that it follows 4",
    ]);
    expect(ofOther).toMatchObject({ code: 1, stderr: "1 repeats, 1 gaps\n" });
  });

  test("follows what comes, says each second how far it is, and ends with a signal and nothing left", async () => {
    const topic = await topicWith([["tea", 1, 0]]);
    const tail = start(suite, ["--topic", topic, "--check", "--from", "beginning"]);
    await until("one event", async () => tail.stdout().includes("1 events of 1 rooms, lag 0"));
    await send(topic, [
      ["tea", 2, 1],
      ["tea", 4, 3],
    ]);
    await until("the gap", async () =>
      tail.stdout().includes("3 events of 1 rooms, lag 0, 0 repeats, 1 gaps"),
    );
    tail.kill("SIGINT");
    expect(await tail.ended).toMatchObject({ code: 1, stderr: "0 repeats, 1 gaps\n" });
  });

  test("says in one line what is wrong", async () => {
    const runs = [
      run(suite, ["--topic", "no-such-topic", "--once"]),
      run(suite, ["--topic", "no-such-topic"]),
      run(suite, ["--once"], { SUDA_KAFKA_BROKERS: "127.0.0.1:9" }),
      run(suite, ["--data", "/nowhere"], { SUDA_KAFKA_BROKERS: "" }),
    ];
    const failed = { code: 1, stdout: "" };
    expect(await Promise.all(runs)).toMatchObject([
      { ...failed, stderr: "Kafka has no topic no-such-topic\n" },
      { ...failed, stderr: "Kafka has no topic no-such-topic\n" },
      { ...failed, stderr: expect.stringMatching(/^[^\n]*127\.0\.0\.1:9[^\n]*\n$/) },
      { ...failed, stderr: expect.stringContaining("SUDA_KAFKA_BROKERS") },
    ]);
  });

  async function topicWith(events: Event[]): Promise<string> {
    const topic = `${suite.prefix}.own-${++count}`;
    await makeTopic(suite.kafka, topic);
    await send(topic, events);
    return topic;
  }

  async function send(topic: string, events: Event[]): Promise<void> {
    const producer = await suite.kafka.openProducer({ transactionalId: topic });
    await producer.begin();
    await producer.send(
      events.map(([room, seq, previous]): NewRecord => {
        const place = { cluster: "c1", room, epoch: 0, seq, previous };
        const headers = eventHeaders({ ...place, kind: "message", at: 0 });
        return { topic, partition: 0, key: room, value: JSON.stringify({ seq }), headers };
      }),
    );
    await producer.commit();
    await producer.close();
  }
});

type Ended = { code: number | null; stdout: string; stderr: string };

const run = ({ access }: TestKafka, args: string[], settings: Record<string, string> = {}): Promise<Ended> =>
  start({ access }, args, settings).ended;

function start({ access }: Pick<TestKafka, "access">, args: string[], settings: Record<string, string> = {}) {
  const env = childEnvironment({
    SUDA_KAFKA_BROKERS: access.brokers.join(","),
    ...{ SUDA_KAFKA_USER: access.login?.user ?? "", SUDA_KAFKA_PASSWORD: access.login?.password ?? "" },
    SUDA_KAFKA_MECHANISM: "PLAIN",
    ...settings,
  });
  const child = spawn(process.execPath, [join(ROOT, "infra/local/kafka-tail.ts"), ...args], { env });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (data) => {
      said[name] += String(data);
    });
  return {
    stdout: () => said.stdout,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended: once(child, "close").then(([code]): Ended => ({ code, ...said })),
  };
}
