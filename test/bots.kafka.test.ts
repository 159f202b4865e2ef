/** Bots by way of a real Kafka: a cluster of two gateways, a person in a browser, the example, and the command for people. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendCommand } from "../infra/local/kafka/send-command.ts";
import { signCommand } from "../shared/server/identity/command-signature.ts";
import { topicNames } from "../shared/server/kafka/topics.ts";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { KAFKA_SETTINGS } from "../shared/server/process/kafka-settings.ts";
import { until } from "../shared/until.ts";
import { sharedBrowser, type Visitor, visit } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { describeKafka, recordsOf, useKafka } from "./support/kafka.ts";
import { createPeople, say } from "./support/people.ts";
import { ROOT } from "./support/sources.ts";

const run = promisify(execFile);
const KEYS = `dicebot:user:${"d".repeat(32)},guardbot:moderator:${"g".repeat(32)}`;
const WITHIN_MS = 20_000;
const [DICE, GUARD] = KAFKA_SETTINGS.kafkaCommandKeys.read(KEYS);
let n = 0;

describeKafka("bots", () => {
  const broker = useKafka();
  let cluster: TestCluster;
  let ana: Visitor;
  const { ask, signUp } = createPeople(() => cluster.url);

  beforeAll(async () => {
    const env = { ...settings(), SUDA_ARCHIVE_MS: "200", SUDA_ARCHIVE_EVENTS: "1" };
    const [started, browser] = await Promise.all([startCluster({ gateways: 2, env }), sharedBrowser()]);
    cluster = started;
    ana = await visit(browser, cluster.url, { locale: "en-GB" });
    await ana.signUp("Ana");
  }, 90_000);
  afterAll(async () => {
    await ana?.close();
    await cluster?.stop();
  });

  /** How a process reaches the broker of the run. */
  const settings = (keys = KEYS): Record<string, string> => ({
    SUDA_KAFKA_BROKERS: broker.access.brokers.join(","),
    SUDA_KAFKA_USER: broker.access.login?.user ?? "",
    SUDA_KAFKA_PASSWORD: broker.access.login?.password ?? "",
    SUDA_KAFKA_MECHANISM: "PLAIN",
    SUDA_KAFKA_TOPICS: broker.prefix,
    SUDA_KAFKA_COMMAND_KEYS: keys,
  });
  const ordered = (key = DICE, fields: object) => {
    if (!key) throw new Error("no key");
    const command = { id: `c-${++n}`, expires: Date.now() + 60_000, ...fields };
    return sendCommand(
      { kafka: broker.kafka, prefix: broker.prefix, key },
      command as Parameters<typeof sendCommand>[1],
      WITHIN_MS,
    );
  };

  test("a person writes, and the bot of the example answers in the page", async () => {
    const [key = ""] = KEYS.split(",");
    const bot = spawn(process.execPath, [join(ROOT, "examples/kafka-bot/bot.ts")], {
      env: { ...process.env, ...settings(key) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await listens(bot);
      await ana.say("!ping");
      await ana.sees("pong");
      await ana.say("!dice 1");
      await ana.sees("🎲 1");
      await expect.poll(() => ana.row("pong").locator(".name").first().innerText()).toBe("dicebot");
    } finally {
      const ended = new Promise((resolve) => bot.once("exit", resolve));
      bot.kill();
      await ended;
    }
    expect(ana.complaints).toEqual([]);
  });

  test("the command for people prints the answer, and announces in the page", async () => {
    const command = (...words: string[]) =>
      run(process.execPath, [join(ROOT, "infra/local/kafka-command.ts"), ...words], {
        env: { ...process.env, ...settings() },
      });
    const place = ["--room", "lobby", "--text", "Closed tonight"];
    const failed = (...words: string[]) => command(...words).catch((error: unknown) => error);
    const [done, ...refusals] = await Promise.all([
      command("notice", "--key", "guardbot", ...place),
      failed("notice", "--key", "dicebot", ...place),
      failed("notice", "--key", "ghost", ...place),
      failed("notice", "--room", "lobby"),
    ]);
    expect(JSON.parse(done.stdout)).toMatchObject({ ok: true, key: "guardbot", room: "lobby" });
    const line = /Announcement by \W*guardbot\W*: \W*Closed tonight/;
    await ana.page.locator(".system", { hasText: line }).waitFor();
    expect(refusals).toMatchObject([
      { code: 1, stderr: "Not done: forbidden, Not allowed\n" },
      { code: 1, stderr: "There is no key ghost: choose one of dicebot, guardbot\n" },
      { code: 1, stderr: "notice: must have required properties text; --help says more\n" },
    ]);
  });

  test("a mute by a bot mutes", async () => {
    const loud = await signUp();
    const socket = await enter(cluster.url, { token: loud.accessToken });
    expect(await say(socket, "may I?")).toBeTypeOf("number");
    const mute = { type: "mute", user: loud.user.id, untilMs: Date.now() + 60_000, reason: "too loud" };
    expect(await ordered(DICE, mute)).toMatchObject({ ok: false, code: "forbidden" });
    expect(await ordered(GUARD, mute)).toMatchObject({ ok: true });
    expect(await say(socket, "and now?")).toBe("muted");
    await ana.page.locator(".system", { hasText: "too loud" }).waitFor();
    socket.close();
  });

  test("a private room does not exist for a bot, until a member adds it", async () => {
    const host = await signUp();
    const made = await ask("POST /api/rooms", host, { title: "Ours", private: true });
    const { name } = (made.body as { room: { name: string } }).room;
    const greeting = { type: "send", room: name, text: "hello" };
    expect(await ordered(DICE, greeting)).toMatchObject({ ok: false, code: "no_such_room" });
    const { user } = (await ask("GET /api/users?nickname=dicebot", host)).body as { user: { id: string } };
    expect((await ask(`PUT /api/rooms/${name}/members/${user.id}`, host, {})).status).toBe(204);
    expect(await ordered(DICE, greeting)).toMatchObject({ ok: true, room: name });
    expect(await ordered(GUARD, greeting)).toMatchObject({ ok: false, code: "no_such_room" });
  });

  test("records of any kind are answered, and the command behind them is executed", async () => {
    const { commands, commandResults } = topicNames(broker.prefix);
    const producer = await broker.kafka.openProducer({ transactionalId: `${broker.prefix}-fuzz` });
    await producer.begin();
    const values = [
      "",
      "{}",
      "\u0000",
      "[".repeat(5_000),
      "x".repeat(100_000),
      JSON.stringify({ id: "guess" }),
    ];
    const records = values.map((value) => ({ topic: commands, value }));
    const signed = values.map((value) => ({
      topic: commands,
      value,
      headers: signCommand(DICE ?? KEY, value),
    }));
    await producer.send([...records, ...signed, { topic: commands }]);
    await producer.commit();
    await producer.close();
    expect(await ordered(DICE, { type: "send", room: "lobby", text: "still here" })).toMatchObject({
      ok: true,
    });
    const answers = (await recordsOf(broker.kafka, commandResults)).map(({ value }) =>
      JSON.parse(String(value)),
    );
    const codes = answers.map(({ code }) => code);
    const count = (code: string) => codes.filter((each) => each === code).length;
    expect([count("forged"), count("too_large"), count("malformed")]).toEqual([5, 2, 6]);
  });

  test("when the gateway that takes commands is killed, another one does so within seconds", async () => {
    const sql = connectPostgres(cluster.databaseUrl(), { name: "test", max: 1 });
    try {
      const holder = async (): Promise<string | undefined> => {
        const [row] = await sql`
          select application_name as name from pg_locks join pg_stat_activity using (pid)
          where locktype = 'advisory' and objid = 7834212 and granted`;
        return row?.name;
      };
      const before = (await holder()) ?? "";
      const { pid } = await cluster.find(before);
      const sends = Array.from({ length: 20 }, (_, index) =>
        ordered(DICE, { type: "send", room: "lobby", text: `message ${index}` }),
      );
      process.kill(Number(pid), "SIGKILL");
      const answers = await Promise.all(sends);
      expect(answers.every(({ ok }) => ok)).toBe(true);
      expect(new Set(answers.map((answer) => (answer.ok ? answer.seq : 0))).size).toBe(20);
      await until("another one takes them", async () => ![undefined, before].includes(await holder()));
    } finally {
      await sql.end({ timeout: 1 });
    }
  });
});

const KEY = { name: "", secret: "" };

async function listens(bot: ChildProcess): Promise<void> {
  let said = "";
  bot.stdout?.on("data", (chunk) => {
    said += String(chunk);
  });
  await until("the bot listens", () => said.includes("listens"));
}
