import { expect, test } from "vitest";
import type { SearchAnswer } from "../../shared/search-api.ts";
import type { Answer } from "../sync/api.ts";
import { createFakeChat, joined, message, welcome } from "./chat.fake.ts";
import { createSearch } from "./search.ts";

type Asked = {
  room: string;
  query: string;
  before: number | undefined;
  answer: (answer: Answer<SearchAnswer>) => Promise<void>;
};

function open() {
  const { chat, clock, ignored, hears, room } = createFakeChat();
  chat.welcome(welcome());
  hears(joined({ head: 9, recovered: true, events: [], more: true }));
  const asked: Asked[] = [];
  const search = createSearch({
    ...{ chat, clock, ignored },
    ask: (room, query, before) =>
      new Promise((resolve) =>
        asked.push({
          ...{ room, query, before },
          async answer(value) {
            resolve(value);
            await new Promise((done) => setTimeout(done));
          },
        }),
      ),
  });
  return {
    ...{ chat, clock, ignored, hears, room, asked, search },
    found: () => search.hits.value.map(({ event }) => event.seq),
    last: () => {
      const last = asked.at(-1);
      if (!last) throw new Error("nothing was asked");
      return last;
    },
    type(text: string) {
      search.setQuery(text);
      clock.advance(1_000);
    },
  };
}

const page = (seqs: readonly number[], next?: number): Answer<SearchAnswer> => {
  const hits = seqs.map((seq) => ({ event: message(seq), marks: [] }));
  return { ok: true, value: { hits, more: next !== undefined, ...(next === undefined ? {} : { next }) } };
};
const refused = (code: "too_many_attempts" | "unavailable"): Answer<SearchAnswer> => ({
  ok: false,
  problem: { code, retryAfterMs: 3_000 },
});

test("asks once after the last letter, and for words only", () => {
  const { asked, search, clock, type } = open();
  for (const text of ["하", "하느", "하늘"]) search.setQuery(text);
  expect(asked).toEqual([]);
  clock.advance(1_000);
  expect(asked.map(({ query }) => query)).toEqual(["하늘"]);
  type("하늘 ");
  expect(asked).toHaveLength(1);
  type("하");
  expect(search.progress.value).toBe("short");
  type("  ");
  expect(search.progress.value).toBe("idle");
  expect(asked).toHaveLength(1);
});

test("drops the answer of a question that a newer one has overtaken", async () => {
  const { asked, type, found, last } = open();
  type("sky");
  type("skyline");
  await last().answer(page([3]));
  await asked[0]?.answer(page([8, 3]));
  expect(found()).toEqual([3]);
});

test("goes on from page to page, and by itself over pages without a hit", async () => {
  const { asked, type, found, last, search } = open();
  type("sky");
  await last().answer(page([8, 7], 7));
  search.loadMore();
  search.loadMore();
  expect(asked).toHaveLength(2);
  await last().answer(page([], 5));
  expect([last().before, search.progress.value]).toEqual([5, "searching"]);
  await last().answer(page([2]));
  expect([found(), search.more.value, search.progress.value]).toEqual([[8, 7, 2], false, "done"]);
});

test("never shows what was deleted since, nor what ignored people wrote", async () => {
  const { type, found, last, hears, ignored, chat } = open();
  type("sky");
  await last().answer(page([8, 7, 2]));
  hears({
    ...{ type: "deleted", room: "lobby", seq: 10, at: 10, target: 7, by: "you", clientId: "d" },
  });
  expect(found()).toEqual([8, 2]);
  ignored.add(message(8).user.id);
  chat.room.value.log.peek();
  type("sky high");
  await last().answer(page([8, 2]));
  expect(found()).toEqual([]);
});

test("says when it was asked too often and goes on by itself, and tries again by hand after a fault", async () => {
  const { asked, type, found, last, clock, search } = open();
  type("sky");
  await last().answer(refused("too_many_attempts"));
  expect(search.progress.value).toBe("busy");
  clock.advance(3_000);
  expect(asked).toHaveLength(2);
  await last().answer(refused("unavailable"));
  expect(search.progress.value).toBe("failed");
  search.retry();
  await last().answer(page([1]));
  expect([found(), search.progress.value]).toEqual([[1], "done"]);
});

test("forgets everything when the room changes, and an answer that is late", async () => {
  const { type, found, last, room, search } = open();
  type("sky");
  room.value = "music";
  await last().answer(page([8]));
  expect([search.typed.value, found(), search.progress.value]).toEqual(["", [], "idle"]);
});
