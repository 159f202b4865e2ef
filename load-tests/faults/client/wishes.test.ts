import { expect, test } from "vitest";
import type { ReactionsEvent } from "../../../shared/server-frames.ts";
import { createWishes } from "./wishes.ts";

const here = (): boolean => false;
const event = (seq: number, change: { on?: string[]; off?: string[] }): ReactionsEvent => ({
  ...{ type: "reactions", room: "r", seq, at: 0, clientId: "c" },
  changes: [{ target: 1, emoji: "👍", on: [], off: [], ...change }],
});
const EMOJIS = 3;

/** Wants the same reaction again, whichever emojis are in turn before it. */
function wantAgain(wishes: ReturnType<typeof createWishes>): void {
  for (let n = 1; n < EMOJIS; n++) wishes.want(100 + n);
  wishes.want(1);
}

test("a wish is written to each connection until it is acknowledged, and is open until an event has it", () => {
  const wishes = createWishes("me");
  wishes.want(1);
  const [wish] = wishes.due(1);
  expect([wishes.due(1), wishes.due(2)]).toMatchObject([[], [{ target: 1, on: true }]]);
  expect(wishes.acknowledged(wish?.clientId ?? "")).toBe(true);
  expect([wishes.due(3), wishes.open(here), wishes.open(() => true)]).toEqual([[], 1, 0]);
  wishes.event(event(5, { on: ["other", "me"] }));
  expect(wishes.open(here)).toBe(0);
});

test("the contrary of what is there is wanted next, and is unclear while an earlier frame may still take effect", () => {
  const wishes = createWishes("me");
  wishes.want(1);
  for (const connection of [1, 2]) wishes.due(connection);
  wishes.acknowledged(wishes.all()[0]?.clientId ?? "");
  wishes.event(event(5, { on: ["me"] }));
  wantAgain(wishes);
  expect(wishes.all().find(({ target }) => target === 1)).toMatchObject({ on: false, isUnclear: true });
});

test("a new epoch asks again for everything that PostgreSQL does not have", () => {
  const wishes = createWishes("me");
  wishes.want(1);
  const [wish] = wishes.due(1);
  wishes.acknowledged(wish?.clientId ?? "");
  wishes.event(event(5, { on: ["me"] }));
  wishes.renew(5);
  expect(wishes.due(1)).toEqual([]);
  wishes.renew(4);
  expect(wishes.due(1)).toMatchObject([{ target: 1, on: true }]);
});

test("a refusal for now is written again, a final one is not", () => {
  const wishes = createWishes("me");
  wishes.want(1);
  const { clientId = "" } = wishes.due(1)[0] ?? {};
  expect([wishes.refused("x", "too_fast"), wishes.refused(clientId, "too_fast")]).toEqual([undefined, true]);
  wishes.forgetWrite(clientId);
  expect(wishes.due(1)).toHaveLength(1);
  expect(wishes.refused(clientId, "no_such_message")).toBe(false);
  expect([wishes.due(2), wishes.open(here)]).toEqual([[], 0]);
});
