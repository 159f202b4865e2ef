import { expect, test } from "vitest";
import type { ClientFrame } from "../../shared/client-frames.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createFakeChat, joined, ME, message, welcome, YOU } from "./chat.fake.ts";
import { createTyping } from "./typing.ts";

function setUp() {
  const clock = createFakeClock();
  const sent: ClientFrame[] = [];
  const server = { isLive: true };
  const typing = createTyping(clock, (frame) => server.isLive && sent.push(frame) > 0);
  const received = (id: string, room = "lobby") =>
    typing.received({ type: "typing", room, user: { id, nickname: `nick ${id}` } }, "me");
  const names = (room = "lobby") => typing.of(room).map((typist) => typist.id);
  return { clock, sent, server, typing, received, names };
}

test("the others are told at most every three seconds, in each room", () => {
  const { clock, sent, typing } = setUp();
  for (let i = 0; i < 60; i++) {
    typing.notify("lobby");
    clock.advance(100);
  }
  expect(sent).toEqual([
    { type: "typing", room: "lobby" },
    { type: "typing", room: "lobby" },
  ]);
  typing.notify("cats");
  expect(sent).toHaveLength(3);
});

test("a signal that could not be sent is sent as soon as possible", () => {
  const { sent, server, typing } = setUp();
  server.isLive = false;
  typing.notify("lobby");
  server.isLive = true;
  typing.notify("lobby");
  expect(sent).toHaveLength(1);
});

test("a person who is heard of again and again stays, and goes four seconds after the last time", () => {
  const { clock, received, names } = setUp();
  received("a");
  clock.advance(3_200);
  received("b");
  received("a");
  clock.advance(3_999);
  expect(names()).toEqual(["a", "b"]);
  clock.advance(1);
  expect(names()).toEqual([]);
});

test("nobody sees themselves typing, nor those of another room", () => {
  const { received, names } = setUp();
  received("me");
  received("a", "cats");
  expect(names()).toEqual([]);
  expect(names("cats")).toEqual(["a"]);
});

test("it ends with the message, and with another user at this page", () => {
  const it = createFakeChat();
  it.chat.welcome(welcome());
  it.hears(joined());
  const typists = () => it.chat.typists.value.map((typist) => typist.id);
  it.hears({ type: "typing", room: "lobby", user: YOU });
  expect(typists()).toEqual([YOU.id]);
  it.hears(message(1));
  expect(typists()).toEqual([]);
  it.hears({ type: "typing", room: "lobby", user: YOU });
  it.chat.becomeUser(undefined);
  expect(typists()).toEqual([]);
});

test("only in a room that is open are the others told", () => {
  const it = createFakeChat();
  it.chat.welcome(welcome({ user: ME }));
  it.chat.writing();
  it.hears(joined());
  it.chat.writing();
  expect(it.sent.filter((frame) => frame.type === "typing")).toHaveLength(1);
});
