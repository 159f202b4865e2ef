/** The program that the documents show does what they say. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { childEnvironment } from "../infra/local/cli/environment.ts";
import { eventHeaders } from "../shared/server/kafka/envelope.ts";
import { until } from "../shared/until.ts";
import { describeKafka, makeTopic, useKafka } from "./support/kafka.ts";
import { ROOT, readText } from "./support/sources.ts";

describeKafka("docs/kafka/consumers.md", () => {
  const suite = useKafka();

  test("its program handles each event once, and tells where it knows nothing of events", async () => {
    const { kafka, access, prefix } = suite;
    const topic = `${prefix}.events`;
    await makeTopic(kafka, topic);
    const producer = await kafka.openProducer({ transactionalId: topic });
    await producer.begin();
    const events = [
      { room: "tea", seq: 1, previous: 0 },
      { room: "milk", seq: 7, previous: 6 },
      { room: "tea", seq: 1, previous: 0 },
      { room: "tea", seq: 2, previous: 1 },
    ];
    await producer.send(
      events.map(({ room, ...place }) => {
        const headers = eventHeaders({ cluster: "c", room, epoch: 0, ...place, kind: "message", at: 0 });
        return { topic, partition: 0, key: room, value: '{"type":"message"}', headers };
      }),
    );
    await producer.commit();
    await producer.close();

    const [, code = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(readText("docs/kafka/consumers.md")) ?? [];
    const program = code
      .replaceAll("localhost:9092", access.brokers[0] ?? "")
      .replaceAll("my-program", topic)
      .replace("suda.events", topic);
    const env = childEnvironment({ KAFKA_PASSWORD: access.login?.password ?? "" });
    const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", program], {
      cwd: ROOT,
      env,
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        said += String(data);
      });
    await until("the last event", async () => said.includes("tea/0/2") || child.exitCode !== null);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(said.trim().split("\n")).toEqual([
      "tea/0/1 message",
      "milk: nothing is known of events behind 0",
      "milk/0/7 message",
      "tea/0/2 message",
    ]);
  });
});
