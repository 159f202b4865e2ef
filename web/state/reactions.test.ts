import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import type { ReactionsAnswer } from "../../shared/http-reactions.ts";
import { createFakeChat, joined, ME, message, welcome } from "./chat.fake.ts";
import { createReactions } from "./reactions.ts";

/** A room with message 8, to which somebody else has reacted. */
async function open(user: typeof ME | null = ME) {
  const fake = createFakeChat();
  const me = signal(user ?? undefined);
  const notifications: unknown[] = [];
  const answer: ReactionsAnswer = {
    upTo: 9,
    reactions: [{ target: 8, emoji: "👍", count: 1, you: false }],
  };
  const deps = {
    chat: fake.chat,
    session: { user: me },
    openSignUp: () => notifications.push("sign up"),
    toasts: { show: (notification: unknown) => notifications.push(notification) },
    platform: {
      clock: fake.clock,
      api: { asUser: async () => ({ ok: true, value: answer }) },
      send: (frame: never) => fake.sent.push(frame) > 0,
    },
  };
  fake.chat.welcome(welcome());
  fake.hears(joined({ head: 9, recovered: true, events: [message(8), message(9)] }));
  const reactions = createReactions(deps as unknown as Parameters<typeof createReactions>[0]);
  await new Promise((resolve) => setTimeout(resolve));
  const seen = () =>
    reactions.of(8).value.map(({ emoji, count, you }) => `${emoji} ${count}${you ? " you" : ""}`);
  const asked = () => fake.sent.filter((frame) => frame.type === "react");
  const refuse = (code: "too_many_reactions" | "muted" | "too_fast" | "room_archived" | "unavailable") => {
    const clientId = asked().at(-1)?.clientId ?? "";
    fake.hears({ type: "refused", room: "lobby", clientId, code, retryAfterMs: 2_000 });
  };
  const acknowledge = () =>
    fake.hears({ type: "ack", room: "lobby", clientId: asked().at(-1)?.clientId ?? "", seq: 8 });
  return { ...fake, me, reactions, notifications, answer, seen, asked, refuse, acknowledge };
}

test("a tap shows at once, and another one takes it away", async () => {
  const { reactions, seen } = await open();
  expect(seen()).toEqual(["👍 1"]);
  reactions.toggle(8, "👍");
  reactions.toggle(8, "🎉");
  expect(seen()).toEqual(["🎉 1 you", "👍 2 you"]);
  reactions.toggle(8, "👍");
  expect(seen()).toEqual(["🎉 1 you", "👍 1"]);
});

test.each(["too_many_reactions", "muted", "too_fast", "room_archived"] as const)(
  "a reaction that is refused with %s goes back, the person is notified, and it is not sent again",
  async (code) => {
    const { reactions, seen, asked, refuse, notifications, clock } = await open();
    reactions.toggle(8, "🎉");
    refuse(code);
    expect([seen(), notifications]).toEqual([["👍 1"], [{ about: "refused", code }]]);
    clock.advance(20_000);
    expect(asked()).toHaveLength(1);
  },
);

test("a refusal that passes by itself says nothing: the reaction stays, and is sent again", async () => {
  const { reactions, seen, asked, refuse, notifications, clock } = await open();
  reactions.toggle(8, "🎉");
  refuse("unavailable");
  clock.advance(4_000);
  expect([seen(), notifications, asked().length]).toEqual([["🎉 1 you", "👍 1"], [], 2]);
});

test("a reaction whose room is left before the answer is sent until it is answered, and the room is left then", async () => {
  const { reactions, asked, acknowledge, sent, room, chat, clock } = await open();
  const left = () => sent.filter(({ type }) => type === "leave").length;
  reactions.toggle(8, "🎉");
  room.value = "other";
  chat.settleRooms();
  clock.advance(4_000);
  expect([left(), asked().map(({ room: name, on }) => [name, on])]).toEqual([
    0,
    [
      ["lobby", true],
      ["lobby", true],
    ],
  ]);
  acknowledge();
  clock.advance(20_000);
  expect([left(), asked().length]).toEqual([1, 2]);
});

test("a reaction of one user is not sent for the next", async () => {
  const { reactions, asked, chat, clock, me } = await open();
  reactions.toggle(8, "🎉");
  chat.becomeUser(undefined);
  me.value = undefined;
  clock.advance(20_000);
  expect(asked()).toHaveLength(1);
});

test("a late refusal of an earlier tap does not undo a later one", async () => {
  const { reactions, seen, asked, hears } = await open();
  for (let taps = 0; taps < 3; taps++) reactions.toggle(8, "🎉");
  const clientId = asked()[0]?.clientId ?? "";
  hears({ type: "refused", room: "lobby", clientId, code: "too_fast", retryAfterMs: 300 });
  expect(seen()).toEqual(["🎉 1 you", "👍 1"]);
});

test("after Redis started over the page counts anew, with the reactions of the person among them", async () => {
  const { seen, hears, answer, chat } = await open();
  answer.upTo = 2_000_009;
  answer.reactions = [{ target: 8, emoji: "👍", count: 2, you: true }];
  chat.welcome(welcome());
  hears(joined({ head: 2_000_009, epoch: "e9", recovered: false, events: [message(8), message(2_000_009)] }));
  await new Promise((resolve) => setTimeout(resolve));
  expect(seen()).toEqual(["👍 2 you"]);
});

test("a guest is asked to join, and sends nothing", async () => {
  const { reactions, notifications, asked } = await open(null);
  reactions.toggle(8, "👍");
  expect([notifications, asked()]).toEqual([["sign up"], []]);
});
