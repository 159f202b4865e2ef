import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { Answer, ApiProblem } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createDialogs } from "./dialogs.ts";
import { createModeration, FOR_GOOD } from "./moderation.ts";
import { createFakeRooms } from "./room-list.fake.ts";
import type { Notification } from "./toasts.ts";

const HOUR_MS = 3_600_000;
const ANN = { id: "ann", nickname: "Ann" };
/** By how much the server's clock is ahead. */
const AHEAD_MS = 90_000;

function setUp(problem?: ApiProblem) {
  const clock = createFakeClock();
  const asked: unknown[][] = [];
  const notifications: Notification[] = [];
  const dialogs = createDialogs();
  const answer = <T>(value: T): Answer<T> => (problem ? { ok: false, problem } : { ok: true, value });
  const ask =
    (name: string) =>
    async (...given: unknown[]): Promise<Answer<undefined>> => {
      asked.push([name, ...given]);
      return answer(undefined);
    };
  const { rooms, server } = createFakeRooms(problem, clock);
  server.asked = asked;
  server.rooms = [{ name: "lobby", title: "Lobby", slowModeMs: 0, people: 1 }];
  const moderation = createModeration({
    clock,
    serverNow: () => clock.now() + AHEAD_MS,
    dialogs,
    rooms,
    notify: (notify) => notifications.push(notify),
    here: signal("tea"),
    api: {
      mute: ask("mute"),
      liftMute: ask("liftMute"),
      ban: ask("ban"),
      liftBan: ask("liftBan"),
      setRole: ask("setRole"),
      person: async () => answer({ user: { ...ANN, role: "moderator" as const }, muted: null, ban: null }),
      reportMessage: ask("reportMessage"),
    },
  });
  return { clock, asked, notifications, dialogs, rooms, moderation };
}

test("a mute lasts by the server's clock, and its dialog goes away", async () => {
  const { clock, asked, notifications, dialogs, moderation } = setUp();
  dialogs.show({ at: "person", user: ANN });
  await moderation.restrict.submit({ act: "mute", term: String(HOUR_MS), reason: "too loud", remove: "" });
  const untilMs = clock.now() + AHEAD_MS + HOUR_MS;
  expect(asked).toEqual([["mute", "ann", { untilMs, reason: "too loud" }]]);
  expect(dialogs.open.value).toBeUndefined();
  expect(notifications).toEqual([{ about: "done" }]);
});

test("a ban may be for good, and remove what was said", async () => {
  const { asked, dialogs, moderation } = setUp();
  dialogs.show({ at: "person", user: ANN });
  await moderation.restrict.submit({ act: "ban", term: FOR_GOOD, reason: "", remove: "yes" });
  expect(asked).toEqual([["ban", "ann", { untilMs: null, reason: "", removeMessages: true, room: "tea" }]]);
});

test("a refusal stays in the dialog, with the time to wait", async () => {
  const { clock, dialogs, moderation } = setUp({ code: "too_many_attempts", retryAfterMs: 2_000 });
  dialogs.show({ at: "report", room: "lobby", seq: 7, user: ANN });
  await moderation.report.submit({ reason: "rude" });
  expect(dialogs.open.value).toMatchObject({ at: "report" });
  expect(moderation.report.problem.value).toBe("too_many_attempts");
  expect(moderation.report.secondsLeft.value).toBe(2);
  clock.advance(2_000);
  expect(moderation.report.secondsLeft.value).toBeUndefined();
});

test("a button that is refused says so in passing", async () => {
  const { notifications, dialogs, moderation } = setUp({ code: "forbidden" });
  dialogs.show({ at: "person", user: ANN });
  await moderation.liftMute();
  expect(notifications).toEqual([{ about: "problem", code: "forbidden" }]);
  expect(dialogs.open.value).toMatchObject({ at: "person" });
});

test("slow mode holds in the list of rooms at once", async () => {
  const { asked, rooms, dialogs, moderation } = setUp();
  await rooms.refresh();
  dialogs.show({ at: "room-settings", room: "lobby" });
  await moderation.changeRoom.submit({ title: "Lobby", slowModeMs: "15000" });
  expect(asked.slice(1)).toEqual([["changeRoom", "lobby", { title: "Lobby", slowModeMs: 15_000 }]]);
  expect(rooms.slowModeOf("lobby")).toBe(15_000);
});

test("a room is archived at a word, and deleted only by who writes its address", async () => {
  const { asked, notifications, dialogs, moderation } = setUp();
  dialogs.show({ at: "close-room", room: "tea" });
  expect(await moderation.closeRoom.submit({ history: "deleted", name: "tee" })).toBe(false);
  expect(moderation.closeRoom.fields.value).toEqual({ name: "not_allowed" });
  expect(asked).toEqual([]);
  expect(await moderation.closeRoom.submit({ history: "deleted", name: " tea " })).toBe(true);
  dialogs.show({ at: "close-room", room: "milk" });
  expect(await moderation.closeRoom.submit({ history: "shown" })).toBe(true);
  await moderation.reopenRoom("milk");
  expect(asked).toEqual([
    ["close", "tea", "deleted"],
    ["close", "milk", "shown"],
    ["reopen", "milk"],
  ]);
  expect(dialogs.open.value).toBeUndefined();
  expect(notifications).toEqual([{ about: "done" }, { about: "done" }, { about: "done" }]);
});

test("a role is given to whom the dialog is about, and what they are now can be asked", async () => {
  const { asked, dialogs, moderation } = setUp();
  await moderation.person.load("ann");
  expect(moderation.person.value?.user.role).toBe("moderator");
  dialogs.show({ at: "person", user: ANN });
  await moderation.giveRole("user");
  expect(asked).toEqual([["setRole", "ann", "user"]]);
  expect(dialogs.open.value).toBeUndefined();
  const { person } = setUp({ code: "unavailable" }).moderation;
  await person.load("ann");
  expect([person.value, person.failed.value]).toEqual([undefined, true]);
});
