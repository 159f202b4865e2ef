/** The walk "A message" of ARCHITECTURE.md as a test: from one socket to all others and to the row in PostgreSQL. */
import { expect, test, vi } from "vitest";
import { signal, treeOf } from "../load-tests/faults/target/processes.ts";
import type { HistoryAnswer, SessionAnswer } from "../shared/http-api.ts";
import type { RoomEvent } from "../shared/server-frames.ts";
import { connect, enter } from "./support/client.ts";
import { archivedMessages } from "./support/queries.ts";
import { useCluster } from "./support/use-cluster.ts";

const { cluster, sql, user, gateway, gateways } = useCluster(
  { limits: true, env: { SUDA_ARCHIVE_MS: "500", SUDA_MESSAGE_BURST: "100" } },
  9,
);

test("a message reaches every member on every gateway with one seq, is acknowledged, and becomes a row of its day", async () => {
  const sender = await enter(gateway(0), { token: user(0).accessToken });
  const others = await Promise.all([1, 2].map((i) => enter(gateway(i), { token: user(i).accessToken })));
  const guest = await enter(cluster().url);

  sender.say({ type: "send", room: "lobby", clientId: "one", text: "  안녕 👋🏽 " });

  const { seq } = await sender.sees("ack", ({ clientId }) => clientId === "one");
  for (const member of [sender, ...others, guest]) {
    const message = await member.sees("message", (each) => each.clientId === "one");
    const { id, nickname } = user(0).user;
    expect(message).toMatchObject({ room: "lobby", seq, text: "안녕 👋🏽", user: { id, nickname } });
    expect(Math.abs(message.at - Date.now())).toBeLessThan(60_000);
  }

  await sender.sees("presence", ({ stored, people }) => stored >= seq && people >= 4);
  const [row] = await vi.waitFor(async () => {
    const rows = await archivedMessages(sql(), "lobby", "one");
    expect(rows.length).toBe(1);
    return rows;
  });
  const at = new Date(sender.messages().find(({ clientId }) => clientId === "one")?.at ?? 0).toISOString();
  expect(row).toEqual({
    seq,
    partition: `messages_${at.slice(0, 10).replaceAll("-", "")}`,
    day: at.slice(0, 10),
    time: at.slice(11, 23),
    nickname: user(0).user.nickname,
    text: "안녕 👋🏽",
  });
});

test("the same client id on two gateways at once is one seq, one broadcast, one row and two equal acks", async () => {
  const [a, b] = [
    await enter(gateway(0), { token: user(3).accessToken }),
    await enter(gateway(1), { token: user(3).accessToken }),
  ];
  const watcher = await enter(gateway(2));
  for (const tab of [a, b]) tab.say({ type: "send", room: "lobby", clientId: "twice", text: "only once" });
  const acks = [await a.sees("ack"), await b.sees("ack")];
  expect(acks[0]).toEqual(acks[1]);

  a.say({ type: "send", room: "lobby", clientId: "after", text: "marks the end" });
  await watcher.sees("message", ({ clientId }) => clientId === "after");
  expect(watcher.messages().filter(({ clientId }) => clientId === "twice").length).toBe(1);
  await expect.poll(async () => (await archivedMessages(sql(), "lobby", "twice")).length).toBe(1);
});

test("a message sent five times because its acks were lost is one message and no spam", async () => {
  const sender = await enter(cluster().url, { token: user(4).accessToken });
  const frame = { type: "send", room: "lobby", clientId: "five", text: "again?" } as const;
  sender.say(frame, frame, frame, frame, frame);
  await sender.until("five acks", () => sender.all("ack").length === 5);
  expect(new Set(sender.all("ack").map(({ seq }) => seq)).size).toBe(1);
  expect(sender.all("refused")).toEqual([]);
});

test("hello, join and sends written at once take effect in the order written", async () => {
  const client = await connect(gateway(1));
  const texts = Array.from({ length: 20 }, (_, i) => `n${i}`);
  client.say(
    { type: "hello", v: 1, token: user(5).accessToken },
    { type: "join", room: "lobby" },
    ...texts.map((text) => ({ type: "send" as const, room: "lobby", clientId: text, text })),
    { type: "ping", id: "last" },
  );
  await client.sees("pong", ({ id }) => id === "last");
  await client.until(
    "all messages",
    () => client.messages().filter(({ text }) => texts.includes(text ?? "")).length === 20,
  );
  expect(
    client
      .messages()
      .map(({ text }) => text)
      .filter((text) => texts.includes(text ?? "")),
  ).toEqual(texts);
  const acks = client.all("ack").map(({ seq }) => seq);
  expect(acks).toEqual([...acks].sort((x, y) => x - y));
});

test("a client that comes back with `since` gets exactly the missed events, on another gateway too", async () => {
  const sender = await enter(gateway(0), { token: user(6).accessToken });
  const reader = await enter(gateway(1));
  const { epoch, head } = reader.joined;
  reader.close();
  for (const clientId of ["r1", "r2", "r3"])
    sender.say({ type: "send", room: "lobby", clientId, text: clientId });
  await sender.until("three acks", () => sender.all("ack").length === 3);

  const back = await connect(gateway(2));
  back.say({ type: "hello", v: 1 }, { type: "join", room: "lobby", since: { epoch, seq: head } });
  const joined = await back.sees("joined", ({ events }) => events.length >= 3);
  expect(joined).toMatchObject({ epoch, recovered: true, head: head + 3 });
  expect(joined.events.map((event) => event.seq)).toEqual([head + 1, head + 2, head + 3]);
});

test("a room made by one person can be joined on every gateway, and its people are counted", async () => {
  const response = await fetch(`${cluster().url}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${user(7).accessToken}` },
    body: JSON.stringify({ name: "tea", title: "차 한 잔" }),
  });
  expect(response.status).toBe(201);
  const members = await Promise.all(
    gateways().map((url) => enter(url, { token: user(7).accessToken, room: "tea" })),
  );
  for (const member of members) {
    await member.sees("presence", ({ people, connections }) => people === 1 && connections === 3);
  }
});

test("history gives what is stored and what is not yet, page by page, as it was broadcast", async () => {
  const sender = await enter(gateway(0), { token: user(1).accessToken, room: "tea" });
  const ids = Array.from({ length: 12 }, (_, i) => `h${i}`);
  for (const clientId of ids) sender.say({ type: "send", room: "tea", clientId, text: clientId });
  await sender.until("all messages", () => sender.messages().length === 12);

  const events: RoomEvent[] = [];
  let before = "";
  for (let more = true; more; ) {
    const answer = await fetch(`${cluster().url}/api/rooms/tea/messages?limit=5${before}`);
    const page = (await answer.json()) as HistoryAnswer;
    events.unshift(...page.events);
    before = `&before=${page.events[0]?.seq}`;
    more = page.more;
  }
  expect(events).toEqual(sender.messages());
});

test("a log-out closes the session's sockets on every gateway, and its token counts no more", async () => {
  const account = { email: "leaver@example.com", password: "correct horse battery", nickname: "leaver" };
  const headers = { "content-type": "application/json" };
  const signup = await fetch(`${cluster().url}/api/signup`, {
    method: "POST",
    headers,
    body: JSON.stringify(account),
  });
  const { accessToken: token } = (await signup.json()) as SessionAnswer;
  const sockets = await Promise.all(gateways().map((url) => enter(url, { token })));
  const logout = await fetch(`${cluster().url}/api/logout`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  expect(logout.status).toBe(204);
  expect(await Promise.all(sockets.map((socket) => socket.closes()))).toEqual([4401, 4401, 4401]);
  const again = await connect(gateway(1));
  again.say({ type: "hello", v: 1, token });
  expect(await again.closes()).toBe(4401);
});

test("while PostgreSQL says nothing, who never spoke is told so in time, and is heard once it answers", async () => {
  const quiet = await enter(gateway(0), { token: user(8).accessToken });
  const postgres = treeOf(Number((await cluster().find("postgres")).pid));
  for (const pid of postgres) signal(pid, "SIGSTOP");
  try {
    quiet.say(
      { type: "send", room: "lobby", clientId: "first", text: "first words" },
      { type: "ping", id: 7 },
    );
    const { code } = await quiet.sees("refused", ({ clientId }) => clientId === "first");
    expect(code).toBe("unavailable");
    await quiet.sees("pong");
  } finally {
    for (const pid of postgres) signal(pid, "SIGCONT");
  }
  await vi.waitFor(
    () => {
      quiet.say({ type: "send", room: "lobby", clientId: "first", text: "first words" });
      expect(quiet.all("ack")).not.toEqual([]);
    },
    { timeout: 20_000, interval: 500 },
  );
});
