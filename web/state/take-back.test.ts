import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { createFakeChat, joined, ME, message, welcome } from "./chat.fake.ts";
import { createTakeBack } from "./take-back.ts";

/** A room in which the person has said 8, and somebody else 9, now. */
function open(draft = "") {
  const fake = createFakeChat();
  const at = fake.clock.now();
  fake.chat.welcome(welcome());
  const mine = {
    ...message(8),
    user: ME,
    at,
    text: "slip @너",
    mentions: [{ id: "you", start: 5, length: 2 }],
  };
  fake.hears(joined({ head: 9, recovered: true, events: [mine, { ...message(9), at }] }));
  const field = { draft: signal(draft), people: [] as string[] };
  const view = { requestAnimationFrame: () => 0 } as unknown as Window;
  const takeBack = createTakeBack({
    chat: fake.chat,
    whenUserLeaves: () => undefined,
    session: { user: signal(ME) },
    composer: {
      draft: field.draft,
      change(text: string, person?: { nickname: string }) {
        field.draft.value = text;
        if (person) field.people.push(person.nickname);
      },
      replyTo: () => undefined,
    },
    platform: { clock: fake.clock, serverNow: fake.clock.now, view },
  } as unknown as Parameters<typeof createTakeBack>[0]);
  const deleted = (takenBack?: true) =>
    fake.hears({
      ...{ type: "deleted", room: "lobby", seq: 10, at, target: 8, by: ME.id, clientId: "d" },
      ...(takenBack && { takenBack }),
    });
  return { ...fake, takeBack, field, deleted, at };
}

test("for ten seconds the newest own message can be taken back, by the clock of the cluster", () => {
  const { takeBack, clock, at } = open();
  expect(takeBack.newest()).toBe(8);
  expect(takeBack.until({ at, mine: true })).toBe(at + 10_000);
  expect(takeBack.until({ at, mine: false })).toBe(undefined);
  clock.advance(10_000);
  expect([takeBack.newest(), takeBack.until({ at, mine: true })]).toEqual([undefined, undefined]);
});

test("a text that was taken back returns to the empty field, with the people it mentions, and nothing is left of it", () => {
  const { takeBack, field, sent, deleted, shown } = open();
  takeBack.take(8);
  expect(sent.at(-1)).toMatchObject({ type: "delete", seq: 8, takeBack: true });
  expect(takeBack.newest()).toBe(undefined);
  expect(field.draft.value).toBe("");
  deleted(true);
  expect([field.draft.value, field.people]).toEqual(["slip @너", ["너"]]);
  expect(takeBack.outcome.value).toMatchObject({ isBack: true, isLeft: false });
  expect(shown()).toEqual([undefined, "text 9"]);
});

test("a text that is being written stays, and the other one replaces it only when that is asked for", () => {
  const { takeBack, field, deleted } = open("draft");
  takeBack.take(8);
  deleted(true);
  expect([field.draft.value, takeBack.outcome.value?.isLeft]).toEqual(["draft", true]);
  takeBack.putBack();
  expect([field.draft.value, takeBack.outcome.value?.isLeft]).toEqual(["slip @너", false]);
});

test("when it was too late, the person learns how many had read it, and after a while nothing is said any more", () => {
  const { takeBack, clock, hears, deleted } = open();
  takeBack.take(8);
  deleted();
  hears({ type: "ack", room: "lobby", clientId: "d", seq: 10, seenBy: 3 });
  clock.advance(400);
  expect(takeBack.outcome.value).toMatchObject({ isBack: false, seenBy: 3 });
  clock.advance(8_000);
  expect(takeBack.outcome.value).toBe(undefined);
});
