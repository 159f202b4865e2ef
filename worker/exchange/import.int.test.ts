/** Archives from elsewhere, imported into a real PostgreSQL and Redis. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startRelay } from "../../load-tests/support/relay.ts";
import { connectPostgres } from "../../shared/server/postgres/pool.ts";
import { openTestEnvironment, type TestEnvironment } from "../testing/test-environment.ts";
import { archiveOf, type Given, openExchange } from "./testing/exchange.ts";

let environment: TestEnvironment;
let exchange: ReturnType<typeof openExchange>;
let room = "";
let count = 0;
let databaseUrl = "";
beforeAll(async () => {
  environment = await openTestEnvironment({
    databaseUrl: (url) => {
      databaseUrl = url;
      return url;
    },
  });
});
afterAll(() => environment.close());
beforeEach(() => {
  exchange = openExchange(environment);
  room = `old-${++count}`;
  return () => exchange.close();
});

const AT = Date.UTC(2024, 11, 31, 23, 59, 58, 7);
/** Messages a second apart, on two days. */
const said = (texts: string[], more: Given = {}): Given[] =>
  texts.map((text, n) => ({ room, at: AT + n * 1_000, user: { nickname: "f1" }, text, ...more }));
const rowsOf = (name = room) =>
  environment.sql`
    select seq::float8 as seq, day::text || ' ' || time::text as at, user_id as "userId", nickname, client_id as "clientId", text, deleted, data
    from messages join rooms on rooms.id = room_id where name = ${name} order by seq`;
const roomOf = async (name = room) =>
  (await environment.sql`select title, last_seq::float8 as "lastSeq" from rooms where name = ${name}`)[0];
const addUser = async (id: string, email: string, closed = false): Promise<void> => {
  await environment.sql`
    insert into users (id, email, email_key, nickname, nickname_key, nickname_skeleton, closed_at)
    values (${id}, ${email}, ${email.toLowerCase()}, ${`now ${email}`}, ${email}, ${email}, ${closed ? new Date() : null})`;
};

it("lines become a room with their texts, authors, times and days, in their order", async () => {
  const lines = said(["one", "두\t번째\\n", "three\nlines"]);
  const result = await exchange.import(archiveOf([{ ...lines[0], title: "The old one" }, ...lines.slice(1)]));
  expect(result).toMatchObject({ finished: true, lines: 3, rejected: 0, rooms: 1 });
  expect(await roomOf()).toEqual({ title: "The old one", lastSeq: 3 });
  expect(await rowsOf()).toMatchObject([
    { seq: 1, at: "2024-12-31 23:59:58.007", userId: null, nickname: "f1", text: "one", deleted: false },
    { seq: 2, at: "2024-12-31 23:59:59.007", text: "두\t번째\\n" },
    { seq: 3, at: "2025-01-01 00:00:00.007", text: "three\nlines" },
  ]);
  const days = await environment.sql`
    select day::text, room_days.first_seq::int, room_days.last_seq::int from room_days join rooms on rooms.id = room_id where name = ${room} order by day`;
  expect(days).toEqual([
    { day: "2024-12-31", first_seq: 1, last_seq: 2 },
    { day: "2025-01-01", first_seq: 3, last_seq: 3 },
  ]);
});

it("texts beyond today's limit are kept, a deleted message is a tombstone, client ids are kept or made", async () => {
  const long = "가나다".repeat(5_000);
  const [first, second, third] = said([long, "gone", "three"]);
  await exchange.import(
    archiveOf([{ ...first, clientId: "mine" }, { ...second, deleted: true }, third ?? {}]),
  );
  const rows = await rowsOf();
  expect(rows[0]).toMatchObject({ text: long, clientId: "mine" });
  expect(rows[1]).toMatchObject({ text: null, deleted: true });
  expect(rows[2]?.clientId).toMatch(/^i-[a-z0-9]+-3$/);
});

it("accounts are found by id and by address; an unknown name stays a name, and a closed account has none", async () => {
  const [ann, bob, gone] = ["a1", "b2", "c3"].map((end) => `01936f6e-0000-7000-8000-0000000000${end}`);
  await addUser(ann ?? "", "ann@example.org");
  await addUser(bob ?? "", "bob@example.org");
  await addUser(gone ?? "", "gone@example.org", true);
  const users = [
    { id: ann, nickname: "Ann then" },
    { email: "Bob@Example.org" },
    { email: "nobody@example.org", nickname: "nobody" },
    { id: gone, nickname: "secret" },
    { id: "01936f6e-0000-7000-8000-0000000000d4", nickname: "elsewhere" },
  ];
  await exchange.import(archiveOf(users.map((user, n) => ({ room, at: AT + n, user, text: "x" }))));
  expect(await rowsOf()).toMatchObject([
    { userId: ann, nickname: "Ann then" },
    { userId: bob, nickname: "now bob@example.org" },
    { userId: null, nickname: "nobody" },
    { userId: gone, nickname: null },
    { userId: "01936f6e-0000-7000-8000-0000000000d4", nickname: "elsewhere" },
  ]);
});

it("lines that cannot be used are told with their number and the reason, and the others are imported", async () => {
  const [good] = said(["good"]);
  const bad = [
    { ...good, at: "yesterday" },
    { ...good, room: "No Room" },
    { ...good, user: {} },
    { ...good, at: Date.now() + 3_600_000 },
    { ...good, user: { email: "nobody@example.org" } },
    { ...good, text: " \u200b " },
    { ...good, text: undefined },
  ];
  const text = `${archiveOf([good ?? {}, ...bad])}{"room":\n${archiveOf([{ ...good, text: "last" }])}`;
  expect(await exchange.import(text)).toMatchObject({ finished: true, lines: 10, rejected: 8 });
  expect((await rowsOf()).map((row) => row.text)).toEqual(["good", "last"]);
  expect(exchange.rejected().map(({ line, reason }) => `${line} ${reason}`)).toEqual([
    "2 at: must be integer",
    "3 room: no name of a room (1 to 32 of a-z 0-9 -)",
    "4 user: has neither id, email nor nickname",
    "5 at: lies in the future",
    "6 user.email: nobody has this address, and there is no nickname",
    "7 text: is empty",
    "8 text: is missing",
    "9 is no JSON object",
  ]);
  expect(JSON.parse(exchange.rejected()[0]?.raw ?? "")).toEqual(bad[0]);
});

it("a client id that an author gave before in the room is rejected", async () => {
  const [one, two] = said(["one", "two"], { clientId: "c1" });
  const other = { ...two, user: { nickname: "f2" }, text: "of another" };
  expect(await exchange.import(archiveOf([one ?? {}, two ?? {}, other]))).toMatchObject({ rejected: 1 });
  expect((await rowsOf()).map(({ text }) => text)).toEqual(["one", "of another"]);
});

it.each([
  ["at once", 0],
  ["in many runs", 4_000],
])(
  "client ids are compared with all earlier lines that were written, in an import %s",
  async (_, pieceBytes) => {
    const lines = said(Array.from({ length: 200 }, (_, n) => `message ${n}`)).map((line, n) => {
      if (n === 20) return { ...line, clientId: "late", at: -1 };
      if (n === 150) return { ...line, clientId: "late" };
      if (n === 180) return { ...line, clientId: "c5" };
      return n % 2 === 0 ? line : { ...line, clientId: `c${n}` };
    });
    const run = pieceBytes > 0 ? exchange.importPiece : exchange.import;
    for (let finished = false, runs = 0; !finished; runs++) {
      ({ finished } = await run(archiveOf(lines), pieceBytes > 0 ? { pieceBytes } : {}));
      expect(runs).toBeLessThan(30);
    }
    expect(exchange.rejected().map(({ line }) => line)).toEqual([21, 181]);
    expect((await rowsOf()).filter(({ clientId }) => /^(late|c5)$/.test(String(clientId)))).toHaveLength(2);
  },
);

it("an import that was stopped goes on where it was, and doubles nothing", async () => {
  const texts = Array.from({ length: 500 }, (_, n) => `message ${n}`);
  const text = archiveOf(said(texts).map((line, n) => (n % 100 === 50 ? { ...line, at: -1 } : line)));
  for (let runs = 0; ; runs++) {
    const result = await exchange.importPiece(text, { pieceBytes: 9_000 });
    // During the import the room is invisible, and its name is taken.
    if (result.finished) break;
    expect(await rowsOf()).toEqual([]);
    expect(
      await environment.sql`insert into rooms (name, title) values (${room}, 'mine') on conflict do nothing returning id`,
    ).toEqual([]);
    expect(runs).toBeLessThan(30);
  }
  expect((await rowsOf()).map((row) => row.text)).toEqual(texts.filter((_, n) => n % 100 !== 50));
  expect(exchange.rejected().map(({ line }) => line)).toEqual([51, 151, 251, 351, 451]);
  expect(await exchange.import(text)).toMatchObject({ already: true });
  expect(await rowsOf()).toHaveLength(495);
});

it("one that was killed before its transaction was told goes on as well", async () => {
  const text = archiveOf(said(Array.from({ length: 200 }, (_, n) => `message ${n}`)));
  let pieces = 0;
  const dying = exchange.import(text, {
    pieceBytes: 3_000,
    onProgress: () => {
      if (++pieces === 2) throw new Error("killed");
    },
  });
  await expect(dying).rejects.toThrow("killed");
  await exchange.import(text, { pieceBytes: 5_000 });
  expect(await rowsOf()).toHaveLength(200);
});

it("an import outlives a PostgreSQL that goes away again and again, and doubles and rejects nothing twice", async () => {
  const relay = await startRelay(Number(new URL(databaseUrl).port));
  const sql = connectPostgres(relay.through(databaseUrl), { name: "import", max: 2 });
  const texts = Array.from({ length: 2_000 }, (_, n) => `message ${n}`);
  const text = archiveOf(said(texts).map((line, n) => (n % 100 === 50 ? { ...line, at: -1 } : line)));
  const outages: string[] = [];
  let batches = 0;
  const onProgress = (): void => {
    if (++batches % 12 > 0) return;
    // In the middle of the next batch, or of its commit.
    setTimeout(relay.cut, batches % 5);
    setTimeout(relay.mend, 20);
  };
  try {
    const result = await exchange.import(text, {
      sql,
      pieceBytes: 4_000,
      onProgress,
      onOutage: (why) => outages.push(why),
    });
    expect(result).toMatchObject({ finished: true, lines: 2_000, rejected: 20, rooms: 1 });
  } finally {
    relay.mend();
    await sql.end({ timeout: 1 });
    await relay.close();
  }
  expect(outages.length).toBeGreaterThan(1);
  expect((await rowsOf()).map((row) => row.text)).toEqual(texts.filter((_, n) => n % 100 !== 50));
  expect(exchange.rejected().map(({ line }) => line)).toEqual(
    Array.from({ length: 20 }, (_, n) => n * 100 + 51),
  );
});

it("a room that has messages is refused, and the reason says how it goes", async () => {
  await environment.startRoom(room);
  await environment.say(room, "live");
  expect(await exchange.import(archiveOf(said(["one"])))).toMatchObject({ rejected: 1, rooms: 0 });
  expect(exchange.rejected()[0]?.reason).toContain("--append");
});
