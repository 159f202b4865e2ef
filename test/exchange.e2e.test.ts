/** An import into a room in which people talk: no message is lost or duplicated, and the archive is complete. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HistoryAnswer } from "../shared/http-api.ts";
import { enter } from "./support/client.ts";
import { useCluster } from "./support/use-cluster.ts";

// Redis has many events that PostgreSQL lacks when the import ends.
const { cluster, sql, user, gateway } = useCluster(
  { gateways: 2, env: { SUDA_ARCHIVE_MS: "20000", SUDA_ARCHIVE_EVENTS: "100000" } },
  2,
);

const IMPORTED = 3_000;
const EVERY_MS = 20;
/** Messages sent during the import have lower seqs than the archive. */
const TALK_GOES_ON = 10_000_000_000;
/** Days of a year ago, ten lines each. */
const imported = Array.from({ length: IMPORTED }, (_, n) => ({
  room: "lobby",
  at: Date.UTC(2025, 0, 1) + n * 8_640_000,
  user: { nickname: "from elsewhere" },
  clientId: `old-${n}`,
  text: `said elsewhere ${n}`,
}));

type Talker = Awaited<ReturnType<typeof enter>>;
/**
 * Sends messages now and then.
 * @returns a function that stops this and resolves with the seqs, once all messages are acknowledged.
 */
function talk(talker: Talker, name: string): () => Promise<Map<string, number>> {
  let said = 0;
  const timer = setInterval(() => {
    talker.say({ type: "send", room: "lobby", clientId: `${name}-${said}`, text: `${name} says ${said}` });
    said++;
  }, EVERY_MS);
  const acked = () => new Map(talker.all("ack").map(({ clientId, seq }) => [clientId, seq]));
  return async () => {
    clearInterval(timer);
    await talker.until("every acknowledgement", () => acked().size === said);
    return acked();
  };
}

async function history(): Promise<HistoryAnswer["events"]> {
  const events: HistoryAnswer["events"] = [];
  for (let before = "", more = true; more; ) {
    const answer = await fetch(`${cluster().url}/api/rooms/lobby/messages?limit=200${before}`);
    const page = (await answer.json()) as HistoryAnswer;
    events.unshift(...page.events);
    before = `&before=${page.events[0]?.seq}`;
    more = page.more;
  }
  return events;
}

/** @returns the seqs shown since the client last started over. They are consecutive within an epoch. */
function shownTo(talker: Talker): number[] {
  const seqs: number[] = [];
  for (const frame of talker.frames) {
    if (frame.type === "joined") {
      if (!frame.recovered) seqs.length = 0;
      seqs.push(...frame.events.map(({ seq }) => seq));
    } else if (frame.type === "message" || frame.type === "notice") seqs.push(frame.seq);
  }
  return seqs;
}

test("messages from before, during and after the import are there once and in order, with the archive in one piece", async () => {
  const file = join(cluster().dir, "old.jsonl");
  writeFileSync(file, imported.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const talkers = await Promise.all([0, 1].map((n) => enter(gateway(n), { token: user(n).accessToken })));
  const stops = talkers.map((talker, n) => talk(talker, `t${n}`));
  await talkers[0]?.sees("ack");

  await expect(cluster().command("import", file)).rejects.toThrow("3000 lines were rejected");
  await cluster().command("import", file, "--append");
  for (const talker of talkers) await talker.sees("ack", ({ seq }) => seq > TALK_GOES_ON);
  await wait(10 * EVERY_MS);
  const acked = new Map((await Promise.all(stops.map((stop) => stop()))).flatMap((some) => [...some]));

  expect(talkers.flatMap((talker) => talker.all("refused"))).toEqual([]);
  const events = await history();
  const messages = events.filter((event) => event.type === "message");
  const found = new Map(messages.map(({ clientId, seq }) => [clientId, seq]));
  expect(found.size).toBe(messages.length);
  expect([...acked].filter(([clientId, seq]) => found.get(clientId) !== seq)).toEqual([]);
  expect(messages).toHaveLength(acked.size + IMPORTED);
  const block = messages.findIndex(({ clientId }) => clientId === "old-0");
  expect(block).toBeGreaterThan(0);
  const archived = messages.slice(block, block + IMPORTED);
  expect(archived.map(({ clientId }) => clientId)).toEqual(imported.map(({ clientId }) => clientId));
  expect(messages.length).toBeGreaterThan(block + IMPORTED);

  for (const talker of talkers) {
    await talker.until("the last message", () => shownTo(talker).at(-1) === messages.at(-1)?.seq);
    const all = events.map(({ seq }) => seq);
    const shown = shownTo(talker);
    expect(shown).toEqual(all.slice(all.indexOf(shown[0] ?? 0)));
    talker.close();
  }
  // The worker has to drop them one day.
  const owners = await sql()`
    select distinct pg_get_userbyid(relowner) as owner from pg_class where relname like 'messages%' and relkind in ('r', 'p')`;
  expect(owners).toEqual([{ owner: "suda_worker" }]);
  const verified = JSON.parse(await cluster().command("verify", "--json"));
  expect(verified).toMatchObject({ faults: [], deadLetters: [] });
  rmSync(file);
});

test("an imported message is reported, deleted by moderators, and heard by who looks it up, though nobody has an account for it", async () => {
  const [{ seq } = { seq: 0 }] = await sql()<{ seq: number }[]>`
    select seq::float8 as seq from messages where text = 'said elsewhere 7'`;
  const call = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${cluster().url}/api/rooms/lobby/messages${path}`, {
      ...{ method, body: body ? JSON.stringify(body) : null },
      headers: { "content-type": "application/json", authorization: `Bearer ${user(0).accessToken}` },
    });
  const page = (await (await call("GET", `?before=${seq + 1}&limit=1`)).json()) as HistoryAnswer;
  expect(page.events).toMatchObject([
    { seq, user: { id: "", nickname: "from elsewhere" }, clientId: "old-7" },
  ]);
  expect((await call("POST", `/${seq}/report`, { reason: "rude" })).status).toBe(204);

  await cluster().command("admin", "grant", `${user(0).user.nickname}@suda.invalid`, "moderator");
  const moderator = await enter(gateway(0), { token: user(0).accessToken });
  moderator.say({ type: "delete", room: "lobby", seq, clientId: "gone" });
  await moderator.sees("ack", ({ clientId }) => clientId === "gone");
  const after = (await (await call("GET", `?before=${seq + 1}&limit=1`)).json()) as HistoryAnswer;
  expect(after.events).toMatchObject([{ seq, deleted: true }]);
  moderator.close();
});

test("verify tells of a row that is gone, and ends with an error", async () => {
  const [row] = await sql()`
    delete from messages where (room_id, seq, day) in (
      select room_id, seq, day from messages where text = 'said elsewhere 1000'
    ) returning seq::float8 as seq`;
  await expect(cluster().command("verify", "--json")).rejects.toThrow(`lobby lacks seq ${row?.seq}`);
});
