/** Nobody who comes later sees a deleted message, wherever it was stored. */
import { expect, test, vi } from "vitest";
import type { HistoryAnswer } from "../shared/http-api.ts";
import { connect, enter } from "./support/client.ts";
import { archivedMessages } from "./support/queries.ts";
import { useCluster } from "./support/use-cluster.ts";

const { cluster, sql, user, gateway, gateways } = useCluster(
  { gateways: 2, env: { SUDA_ARCHIVE_MS: "60000", SUDA_ARCHIVE_EVENTS: "1000" } },
  3,
);

type Member = Awaited<ReturnType<typeof enter>>;
const say = async (member: Member, clientId: string): Promise<number> => {
  member.say({ type: "send", room: "lobby", clientId, text: `text of ${clientId}` });
  return (await member.sees("ack", (ack) => ack.clientId === clientId)).seq;
};
/** The deletion's seq, or the refusal's code. */
const remove = async (member: Member, seq: number, clientId: string): Promise<number | string> => {
  member.say({ type: "delete", room: "lobby", seq, clientId });
  const answer = await member.until("an answer", () =>
    member.frames.find(
      (each) => (each.type === "ack" || each.type === "refused") && each.clientId === clientId,
    ),
  );
  return answer.type === "ack" ? answer.seq : answer.type === "refused" ? answer.code : "?";
};
const history = async (): Promise<HistoryAnswer["events"]> =>
  ((await (await fetch(`${cluster().url}/api/rooms/lobby/messages`)).json()) as HistoryAnswer).events;
/** Restarts the worker, which writes all pending events when it ends. */
const archiveAll = async (seq: number, member: Member): Promise<void> => {
  const pid = await vi.waitFor(
    async () => {
      const worker = await cluster().find("worker");
      expect(worker.ready && worker.pid).toBeTruthy();
      return worker.pid as number;
    },
    { timeout: 30_000 },
  );
  process.kill(pid, "SIGTERM");
  await member.sees("presence", ({ stored }) => stored >= seq);
};

test("before it was archived: members are told, others get a tombstone, PostgreSQL never has the text", async () => {
  const author = await enter(gateway(0), { token: user(0).accessToken });
  const other = await enter(gateway(1), { token: user(1).accessToken });
  const seq = await say(author, "early");
  await other.sees("message", ({ clientId }) => clientId === "early");

  const deletion = await remove(author, seq, "early-gone");
  expect(await other.sees("deleted")).toMatchObject({ seq: deletion, target: seq, by: user(0).user.id });

  for (const url of gateways()) {
    const late = await enter(url);
    const { text, ...tombstone } = late.messages().find((message) => message.seq === seq) ?? {};
    expect([text, tombstone]).toEqual([
      undefined,
      expect.objectContaining({ deleted: true, clientId: "early" }),
    ]);
    const back = await connect(url);
    back.say(
      { type: "hello", v: 1 },
      { type: "join", room: "lobby", since: { epoch: late.joined.epoch, seq: 0 } },
    );
    const { recovered, events } = await back.sees("joined");
    expect([recovered, JSON.stringify(events).includes("text of early")]).toEqual([true, false]);
  }
  expect((await history()).find((event) => event.seq === seq)).toMatchObject({ deleted: true });

  await archiveAll(Number(deletion), author);
  await vi.waitFor(async () =>
    expect(await archivedMessages(sql(), "lobby", "early")).toMatchObject([{ seq, text: null }]),
  );
});

test("after it was archived: history masks it at once, and the worker blanks the row", async () => {
  const author = await enter(gateway(0), { token: user(0).accessToken });
  const seq = await say(author, "late");
  await archiveAll(seq, author);
  expect(await archivedMessages(sql(), "lobby", "late")).toMatchObject([{ text: "text of late" }]);

  const deletion = await remove(author, seq, "late-gone");
  expect(JSON.stringify(await history())).not.toContain("text of late");
  await archiveAll(Number(deletion), author);
  await vi.waitFor(async () =>
    expect(await archivedMessages(sql(), "lobby", "late")).toMatchObject([{ text: null }]),
  );
  expect((await history()).find((event) => event.seq === seq)).toMatchObject({
    deleted: true,
    clientId: "late",
  });
});

test("once more, by another frame or another gateway, is acknowledged with the first deletion's seq", async () => {
  const author = await enter(gateway(0), { token: user(0).accessToken });
  const elsewhere = await enter(gateway(1), { token: user(0).accessToken });
  const seq = await say(author, "again");
  const first = await remove(author, seq, "again-1");
  expect(await remove(author, seq, "again-1")).toBe(first);
  expect(await remove(elsewhere, seq, "again-2")).toBe(first);
});

/** Asks to take a message back. @returns the acknowledgement. */
const takeBack = async (member: Member, seq: number, clientId: string) => {
  member.say({ type: "delete", room: "lobby", seq, clientId, takeBack: true });
  return member.sees("ack", (ack) => ack.clientId === clientId);
};

test("a message that was taken back says so to everybody, now and later; one that was read is deleted with a mark", async () => {
  const author = await enter(gateway(0), { token: user(0).accessToken });
  const other = await enter(gateway(1), { token: user(1).accessToken });
  other.say({ type: "follow", rooms: ["lobby"] });
  await other.sees("heads", ({ all }) => all === true);

  const slip = await say(author, "slip");
  await other.sees("message", ({ clientId }) => clientId === "slip");
  expect(await takeBack(author, slip, "slip-back")).not.toHaveProperty("seenBy");
  const told = await other.sees("deleted", ({ target }) => target === slip);
  expect(told).toMatchObject({ takenBack: true });

  const read = await say(author, "read");
  await other.sees("message", ({ clientId }) => clientId === "read");
  const beside = await enter(gateway(0), { token: user(1).accessToken });
  beside.say({ type: "follow", rooms: ["lobby"] });
  await beside.sees("heads", ({ all }) => all === true);
  other.say({ type: "read", room: "lobby", seq: read });
  // The gateway of the author has heard of it too.
  await beside.sees("heads", ({ rooms }) => rooms.some((each) => each.read === read));
  const late = await takeBack(author, read, "read-back");
  expect(late).toMatchObject({ seenBy: 1 });
  expect(await other.sees("deleted", ({ target }) => target === read)).not.toHaveProperty("takenBack");

  const marks = (events: readonly { seq: number; takenBack?: true }[]) =>
    [slip, read].map((seq) => events.find((event) => event.seq === seq)?.takenBack);
  const expected = [true, undefined];
  for (const url of gateways()) expect(marks((await enter(url)).messages())).toEqual(expected);
  expect(marks((await history()) as never)).toEqual(expected);
  await archiveAll(late.seq, author);
  expect(marks((await history()) as never)).toEqual(expected);
});

test("another's message is forbidden, except to a moderator; what is no message is not there", async () => {
  const author = await enter(gateway(0), { token: user(0).accessToken });
  const other = await enter(gateway(1), { token: user(1).accessToken });
  const seq = await say(author, "mine");
  expect(await remove(other, seq, "not-yours")).toBe("forbidden");
  expect(await remove(author, seq + 1_000, "nothing")).toBe("no_such_message");
  const deletion = await remove(author, seq, "mine-gone");
  expect(await remove(author, Number(deletion), "a-deletion")).toBe("no_such_message");
});

test("typing is passed on to the others, at most once in a while, and stored nowhere", async () => {
  const author = await enter(gateway(0), { token: user(2).accessToken });
  const other = await enter(gateway(1));
  const { head } = other.joined;
  for (let i = 0; i < 5; i++) author.say({ type: "typing", room: "lobby" });
  expect(await other.sees("typing")).toMatchObject({ room: "lobby", user: { id: user(2).user.id } });
  const seq = await say(author, "typed");
  await other.sees("message", ({ clientId }) => clientId === "typed");
  expect([other.all("typing").length, seq]).toEqual([1, head + 1]);
});
