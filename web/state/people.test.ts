import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import type { PeopleAnswer } from "../../shared/http-api.ts";
import type { Answer } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import type { Chat } from "./chat.ts";
import { createPeople } from "./people.ts";

const person = (nickname: string, role: "user" | "moderator" | "admin" = "user") => ({
  id: nickname,
  nickname,
  role,
});
const answered = (people: ReturnType<typeof person>[], more = false): Answer<PeopleAnswer> => ({
  ok: true,
  value: { people, guests: 2, more },
});

const clock = createFakeClock();
const counts = signal({ people: 5, connections: 5 });
const roomOf = (name: string) => ({ name, counts, log: signal({ events: [] }) });
const room = signal(roomOf("lobby"));
const ask = vi.fn(async (_: string) => answered([person("바다"), person("Ann", "admin"), person("가을")]));
let isVisible = true;
const start = () =>
  createPeople({
    clock,
    api: { people: ask },
    chat: { room } as unknown as Pick<Chat, "room">,
    isVisible: () => isVisible,
  });
const settled = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  ask.mockClear();
  isVisible = true;
  counts.value = { people: 5, connections: 5 };
  room.value = roomOf("lobby");
});

test("people are asked for while somebody looks, moderators first", async () => {
  const people = start();
  expect(ask).not.toHaveBeenCalled();
  const end = people.watch();
  await settled();
  expect(people.listed.value?.map(({ nickname }) => nickname)).toEqual(["Ann", "가을", "바다"]);
  expect(people.guests.value).toBe(2);
  end();
  counts.value = { people: 6, connections: 6 };
  clock.advance(600_000);
  expect(ask).toHaveBeenCalledTimes(1);
});

test("a change of their number is followed within seconds, and a thousand changes cost few requests", async () => {
  const people = start();
  const end = people.watch();
  await settled();
  counts.value = { people: 6, connections: 6 };
  clock.advance(4_000);
  await settled();
  expect(ask).toHaveBeenCalledTimes(2);
  for (let i = 0; i < 100; i++) {
    counts.value = { people: i, connections: i };
    clock.advance(100);
    await settled();
  }
  expect(ask.mock.calls.length).toBeLessThan(9);
  expect(ask.mock.calls.length).toBeGreaterThan(4);
  end();
});

test("the larger the room, the fewer the requests of each page", async () => {
  const people = start();
  counts.value = { people: 3_000, connections: 3_000 };
  const end = people.watch();
  for (let i = 0; i < 60; i++) {
    await settled();
    counts.value = { people: 3_000 + i, connections: 3_000 };
    clock.advance(1_000);
  }
  expect(ask.mock.calls.length).toBeLessThanOrEqual(3);
  end();
});

test("a hidden page asks for nothing until it is seen", async () => {
  const people = start();
  const end = people.watch();
  await settled();
  isVisible = false;
  clock.advance(300_000);
  expect(ask).toHaveBeenCalledTimes(1);
  isVisible = true;
  clock.advance(60_000);
  expect(ask.mock.calls.length).toBeGreaterThan(1);
  end();
});

test("another room shows nobody of the one before, also if its answer is late", async () => {
  const people = start();
  let answer: (value: Answer<PeopleAnswer>) => void = () => undefined;
  ask.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const end = people.watch();
  room.value = roomOf("tea");
  await settled();
  expect(ask.mock.calls).toEqual([["lobby"], ["tea"]]);
  answer(answered([person("late")]));
  await settled();
  expect(people.listed.value).toHaveLength(3);
  room.value = roomOf("third");
  expect(people.listed.value).toBeUndefined();
  end();
});

test("a failure is said, and the next answer ends it", async () => {
  const people = start();
  ask.mockResolvedValueOnce({ ok: false, problem: { code: "unreachable" } });
  const end = people.watch();
  await settled();
  expect(people.failed.value).toBe(true);
  await people.load();
  expect(people.failed.value).toBe(false);
  end();
});

test("those beyond the bound of an answer are counted, and a filter finds among the named", async () => {
  const people = start();
  ask.mockResolvedValueOnce(answered([person("바다"), person("하늘")], true));
  counts.value = { people: 300, connections: 300 };
  const end = people.watch();
  await settled();
  expect(people.unnamed.value).toBe(296);
  people.setFilter("ㅎㄴ");
  expect(people.listed.value?.map(({ nickname }) => nickname)).toEqual(["하늘"]);
  expect(people.roleOf("하늘")).toBe("user");
  end();
});
