import { expect, test, vi } from "vitest";
import type { ListedRoom } from "../../shared/http-api.ts";
import { GUEST } from "../sync/storage.ts";
import { createFakeRooms } from "./room-list.fake.ts";

const listedRoom = (name: string, people = 0): ListedRoom => ({
  name,
  title: `Room ${name}`,
  slowModeMs: 0,
  people,
});
const namesOf = (rooms: readonly ListedRoom[] | undefined) => rooms?.map(({ name }) => name);
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => listedRoom(`r-${String(n).padStart(4, "0")}`, Math.max(0, 40 - n)));

test("one's own come first, the lobby before all, and the busiest others after them", async () => {
  const { server, rooms } = createFakeRooms();
  server.rooms = [listedRoom("busy", 9), listedRoom("lobby", 5), listedRoom("mine", 2), listedRoom("quiet")];
  server.own = [{ name: "mine", made: true }];
  await rooms.refresh();
  expect(namesOf(rooms.own("lobby", 5))).toEqual(["lobby", "mine"]);
  expect(namesOf(rooms.others.value)).toEqual(["busy", "quiet"]);
});

test("of 2,000 rooms a page at a time is listed, and never more than one can look over", async () => {
  const { server, rooms } = createFakeRooms();
  server.rooms = many(2_000);
  await rooms.refresh();
  expect(rooms.others.value).toHaveLength(30);
  for (let n = 0; n < 20; n++) await rooms.more();
  expect(rooms.others.value.length).toBeLessThanOrEqual(150);
  expect(rooms.hasMore.value).toBe(false);
  await rooms.refresh();
  expect(rooms.others.value.length).toBeLessThanOrEqual(150);
});

test("a gateway of an older release tells all rooms at once: no more are listed for that", async () => {
  const { server, rooms } = createFakeRooms();
  server.rooms = many(30);
  await rooms.refresh();
  rooms.news({ type: "rooms", rooms: many(2_000), gone: [] });
  expect(rooms.others.value.length).toBeLessThanOrEqual(150);
});

test("the room on screen is listed though nobody knows it yet", async () => {
  const { rooms } = createFakeRooms();
  expect(namesOf(rooms.own("somewhere", 1))).toEqual(["lobby", "somewhere"]);
  await rooms.lookUp("somewhere");
  expect(rooms.titleOf("somewhere")).toBe("title of somewhere");
});

test("a search starts once the person pauses, and a late answer is ignored", async () => {
  const { clock, server, rooms } = createFakeRooms();
  server.rooms = [listedRoom("tea"), listedRoom("team"), listedRoom("milk")];
  for (const text of ["t", "te", "tea"]) rooms.search(text);
  expect(server.asked).toEqual([]);
  clock.advance(250);
  rooms.search("");
  await vi.waitFor(() => expect(server.asked).toEqual([["rooms", { query: "tea" }]]));
  expect(rooms.found.value).toBeUndefined();
  rooms.search("tea");
  clock.advance(250);
  await vi.waitFor(() => expect(namesOf(rooms.found.value)).toEqual(["tea", "team"]));
});

test("the socket's news change counts and order, bring new rooms, and take away closed ones", async () => {
  const { server, rooms } = createFakeRooms();
  server.rooms = [listedRoom("a", 3), listedRoom("b", 2)];
  server.own = [{ name: "b", made: false }];
  await rooms.refresh();
  const asked = server.asked.length;
  rooms.news({
    type: "rooms",
    rooms: [listedRoom("c", 7), { ...listedRoom("a", 4), title: "A new" }],
    gone: ["b"],
  });
  expect(rooms.others.value.map(({ name, title, people }) => [name, title, people])).toEqual([
    ["c", "Room c", 7],
    ["a", "A new", 4],
  ]);
  expect(namesOf(rooms.own("lobby", 0))).toEqual(["lobby"]);
  expect(server.asked).toHaveLength(asked);
});

test("a new room that belongs on a later page is not listed before it", async () => {
  const { server, rooms } = createFakeRooms();
  server.rooms = many(60);
  await rooms.refresh();
  rooms.news({ type: "rooms", rooms: [listedRoom("zzz", 0), listedRoom("full", 99)], gone: [] });
  expect(namesOf(rooms.others.value)?.slice(0, 2)).toEqual(["full", "r-0000"]);
  expect(namesOf(rooms.others.value)).not.toContain("zzz");
});

test("news that are not all make the page ask anew, some time later", async () => {
  const { clock, server, rooms } = createFakeRooms();
  rooms.news({ type: "rooms", rooms: [], gone: [], stale: true });
  expect(server.asked).toEqual([]);
  clock.advance(20_000);
  await vi.waitFor(() => expect(server.asked).toEqual([["rooms", {}]]));
});

test("where a member went is told to the server once, and taken off when they wish", async () => {
  const { server, rooms } = createFakeRooms();
  server.own = [
    { name: "mine", made: true },
    { name: "tea", made: false },
  ];
  await rooms.refresh();
  for (let n = 0; n < 3; n++) rooms.visited("milk", "Milk");
  rooms.visited("lobby", "Lobby");
  expect(server.asked.filter(([what]) => what === "visit")).toEqual([["visit", "milk"]]);
  expect(namesOf(rooms.own("milk", 1))).toEqual(["lobby", "milk", "mine", "tea"]);
  expect(["lobby", "milk", "mine", "tea"].filter(rooms.mayForget)).toEqual(["milk", "tea"]);
  rooms.forget("tea");
  expect(namesOf(rooms.own("milk", 1))).toEqual(["lobby", "milk", "mine"]);
  expect(server.asked.at(-1)).toEqual(["leave", "tea"]);
});

test("where a guest went is kept by the browser, and is no member's", () => {
  const { store, user, rooms } = createFakeRooms();
  user.value = undefined;
  rooms.visited("tea", "Green tea");
  expect(store.read("rooms", GUEST)).toEqual([{ name: "tea", title: "Green tea" }]);
  user.value = "me";
  expect(namesOf(rooms.own("lobby", 0))).toEqual(["lobby"]);
  user.value = undefined;
  expect(rooms.own("lobby", 0).map(({ title }) => title)).toEqual(["lobby", "Green tea"]);
});
