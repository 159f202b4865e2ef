import { expect, test } from "vitest";
import { SEQS_MAX } from "../../shared/limits.ts";
import type { RoomEvent } from "../../shared/server-frames.ts";
import { createFakeChat, joined, message, welcome } from "./chat.fake.ts";
import { createQuotes } from "./quotes.ts";

function open() {
  const fake = createFakeChat();
  const old = new Map<number, RoomEvent>([[5, message(5)]]);
  const asked: number[][] = [];
  const server = { isAway: false };
  fake.chat.welcome(welcome());
  fake.hears(joined({ head: 101, recovered: true, events: [message(100), message(101)], more: true }));
  const quotes = createQuotes({
    ...{ clock: fake.clock, room: fake.chat.room },
    api: {
      async events(_, seqs) {
        asked.push([...seqs]);
        if (server.isAway) return { ok: false, problem: { code: "unreachable" } };
        return { ok: true, value: { events: seqs.flatMap((seq) => old.get(seq) ?? []) } };
      },
    },
  });
  const textOf = (seq: number) => {
    const quoted = quotes.of(seq).value;
    return typeof quoted === "string" ? quoted : (quoted.text ?? "deleted");
  };
  const wait = async (ms: number) => {
    fake.clock.advance(ms);
    await new Promise((resolve) => setTimeout(resolve));
  };
  const remove = (seq: number, target: number) =>
    fake.hears({ type: "deleted", room: "lobby", seq, at: seq, target, by: "you", clientId: `d${seq}` });
  return { ...fake, ...{ old, asked, server, quotes, textOf, wait, remove } };
}

test("a message that is loaded is quoted at once", () => {
  const { textOf, asked } = open();
  expect(textOf(100)).toBe("text 100");
  expect(asked).toEqual([]);
});

test("those that are not are asked for together and once; one that does not exist is gone", async () => {
  const { textOf, asked, wait } = open();
  expect([textOf(5), textOf(6), textOf(5)]).toEqual(["loading", "loading", "loading"]);
  await wait(50);
  expect([textOf(5), textOf(6)]).toEqual(["text 5", "gone"]);
  await wait(60_000);
  expect(asked).toEqual([[5, 6]]);
});

test("no request has more than the server takes", async () => {
  const { textOf, asked, wait } = open();
  for (let seq = 1; seq <= 90; seq++) textOf(seq);
  await wait(50);
  await wait(50);
  expect(asked.map((seqs) => seqs.length)).toEqual([SEQS_MAX, 40]);
});

test("a deletion reaches every quote, also while it is asked for", async () => {
  const { textOf, wait, remove } = open();
  expect([textOf(5), textOf(100)]).toEqual(["loading", "text 100"]);
  remove(102, 5);
  remove(103, 100);
  await wait(50);
  expect([textOf(5), textOf(100)]).toEqual(["deleted", "deleted"]);
});

test("a server that cannot be reached is asked again", async () => {
  const { textOf, wait, server } = open();
  server.isAway = true;
  textOf(5);
  await wait(50);
  server.isAway = false;
  await wait(10_000);
  expect(textOf(5)).toBe("text 5");
});

test("after a gap everything is asked again, because a deletion may lie in it", async () => {
  const { textOf, wait, hears, old } = open();
  textOf(5);
  await wait(50);
  old.set(5, { ...message(5), text: "changed" });
  hears(joined({ head: 500, events: [message(499), message(500)], more: true }));
  await wait(50);
  expect(textOf(5)).toBe("changed");
});

test("another room has its own", async () => {
  const { textOf, wait, room, asked } = open();
  textOf(5);
  await wait(50);
  room.value = "tea";
  expect(textOf(5)).toBe("loading");
  await wait(50);
  expect(asked).toHaveLength(2);
});
