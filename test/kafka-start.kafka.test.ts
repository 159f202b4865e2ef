/** `npm start -- --kafka`: a Kafka beside the other processes, that is supervised as they are. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openKafka } from "../shared/server/kafka/client.ts";
import { until } from "../shared/until.ts";
import { enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { describeKafka } from "./support/kafka.ts";
import { createPeople, say } from "./support/people.ts";

describeKafka("a cluster with a Kafka of its own", () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startCluster({ gateways: 1, kafka: true });
  });
  afterAll(() => cluster?.stop());

  const ping = async (password?: string): Promise<void> => {
    const { brokers = "", user = "", password: own = "" } = cluster.backends().kafka ?? {};
    const login = { mechanism: "PLAIN" as const, user, password: password ?? own };
    const kafka = openKafka({ brokers: [brokers], tls: false, login }, "test");
    try {
      await kafka.ping();
    } finally {
      await kafka.close();
    }
  };

  test("lists it, and nobody without its password is let in", async () => {
    const { ready, port } = await cluster.find("kafka");
    expect(ready).toBe(true);
    expect(cluster.backends().kafka?.brokers).toBe(`127.0.0.1:${port}`);
    await ping();
    await expect(ping("wrong")).rejects.toMatchObject({ kind: "authentication" });
    expect(await cluster.command("status")).toMatch(new RegExp(`kafka +ready +\\d+ +${port}`));
    const settings = await cluster.command("status", "--settings");
    expect(settings).toMatch(/SUDA_KAFKA_BROKERS +- +npm start chooses it/);
  });

  test("is where a person's messages go, which can be checked there and written into a topic of one's own", async () => {
    const { ask, signUp } = createPeople(() => cluster.url);
    const person = await signUp();
    const member = await enter(cluster.url, { token: person.accessToken });
    for (const text of ["one", "two"]) await say(member, text);
    expect((await ask("PATCH /api/me", person, { nickname: "somebody else" })).status).toBe(200);
    const tail = (...words: string[]): Promise<string> => cluster.command("kafka-tail", "--once", ...words);
    await until("both are published", async () => (await tail("--room", "lobby")).includes('"text":"two"'));
    expect(await tail("--check")).toMatch(/^\d+ events of 1 rooms, lag 0, 0 repeats, 0 gaps$/m);
    await until("the name is", async () => (await tail("--topic", "users")).includes("somebody else"));
    await cluster.command("kafka-replay", "--room", "lobby", "--to", "mine");
    const valuesOf = (lines: string): string[] => lines.match(/\{.*\}$/gm) ?? [];
    expect(valuesOf(await tail("--topic", "mine"))).toEqual(valuesOf(await tail("--topic", "events")));
    await expect(cluster.command("kafka-replay", "--room", "lobby", "--to", "suda.events")).rejects.toThrow(
      "suda.events is a topic of the cluster",
    );
  });

  test("starts it again when it dies", async () => {
    const { pid } = await cluster.find("kafka");
    process.kill(pid ?? 0, "SIGKILL");
    const isBack = async (): Promise<boolean> => {
      const now = await cluster.find("kafka");
      return now.ready && now.pid !== pid;
    };
    await until("Kafka is back", isBack, { withinMs: 25_000 });
    await ping();
  });
});
