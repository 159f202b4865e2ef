/** An import of an export makes the same messages again. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { fixtureLines } from "../../load-tests/archive-fixture.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { archiveOf, openExchange } from "./testing/exchange.ts";

let one: TestEnvironment;
let other: TestEnvironment;
const opened: (() => void)[] = [];
beforeAll(async () => {
  [one, other] = await Promise.all([openTestEnvironment(), openTestEnvironment()]);
});
afterAll(async () => {
  for (const close of opened) close();
  await Promise.all([one?.close(), other?.close()]);
});
const exchangeOf = (environment: TestEnvironment) => {
  const exchange = openExchange(environment);
  opened.push(exchange.close);
  return exchange;
};

it("exported, imported into an empty cluster and exported again, an archive is the same to the byte", async () => {
  const [from, to] = [exchangeOf(one), exchangeOf(other)];
  const closed = "01936f6e-0000-7000-8000-00000000cccc";
  await one.sql`insert into users (id, nickname, closed_at) values (${closed}, 'closed account', now())`;
  const at = Date.UTC(2024, 1, 28, 23, 59);
  const odd = archiveOf([
    {
      room: "odd",
      title: '"Odd" \\ 방',
      at,
      user: { nickname: 'a"b' },
      text: 'tab\t"quote" \\ 줄\n바꿈 \u2028 \u007f😀',
      clientId: "c-1",
    },
    { room: "odd", at: at + 120_000, user: { id: AUTHOR.id, nickname: "수다", role: "admin" }, text: "two" },
    { room: "odd", at: at + 90_000, user: { nickname: "x" }, deleted: true },
    {
      room: "odd",
      at: at + 130_000,
      user: { id: closed, nickname: "my secret name", role: "moderator" },
      text: "three",
    },
  ]);
  const fixture = [
    ...fixtureLines({ rows: 3_000, days: 40, rooms: 4, big: 1_500, until: "2025-06-01" }),
  ].join("");
  expect(await from.import(`${odd}${fixture}`, { pieceBytes: 50_000 })).toMatchObject({
    lines: 3_004,
    rejected: 0,
  });
  const first = await from.export();
  expect(first.split("\n")).toHaveLength(3_005);
  expect(first).not.toContain("my secret name");
  expect(first).not.toContain('"role":"moderator"');
  expect(await to.import(first)).toMatchObject({ rejected: 0 });
  expect(await to.export()).toBe(first);
  expect(JSON.parse(first.split("\n").find((line) => line.includes("방")) ?? "")).toEqual({
    ...{ room: "odd", title: '"Odd" \\ 방', at, user: { nickname: 'a"b' }, clientId: "c-1" },
    text: 'tab\t"quote" \\ 줄\n바꿈 \n 😀',
  });
});

it("a room and some days are exported by themselves; archived rooms only by name", async () => {
  const from = exchangeOf(one);
  const some = await from.export({ room: "archive", days: { from: "2025-05-30", to: "2025-05-31" } });
  const lines = some
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { room: string; at: number });
  expect(lines.length).toBeGreaterThan(50);
  expect(new Set(lines.map(({ room, at }) => `${room} ${new Date(at).toISOString().slice(0, 10)}`))).toEqual(
    new Set(["archive 2025-05-30", "archive 2025-05-31"]),
  );
  await one.sql`update rooms set archived_at = now() where name = 'archive-1'`;
  expect(await from.export()).not.toContain('"room":"archive-1"');
  expect(await from.export({ room: "archive-1" })).toContain('"room":"archive-1"');
  await expect(from.export({ room: "nowhere" })).rejects.toThrow("There is no room nowhere");
});

it("it waits for a slow reader of the lines", async () => {
  const from = exchangeOf(one);
  let [writing, max] = [0, 0];
  await from.export({
    async write() {
      max = Math.max(max, ++writing);
      await new Promise((resolve) => setImmediate(resolve));
      writing--;
    },
  });
  expect(max).toBe(1);
});
