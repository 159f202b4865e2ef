import { expect, it } from "vitest";
import { keptSince } from "../../shared/server/process/retention.ts";
import { atOf, withoutExpired } from "./retention.ts";

const event = (seq: number, at: number | undefined, text = "x") => ({
  seq,
  epoch: "e",
  bytes: Buffer.from(
    `{"type":"message","room":"${"r".repeat(32)}","seq":${seq}${at === undefined ? "" : `,"at":${at}`},"text":${JSON.stringify(text)}}`,
  ),
});
const STATE = {
  current: true,
  away: false,
  epoch: "e",
  seq: 9,
  stored: 9,
  floor: 1,
  expired: 0,
  base: 0,
  prevEpoch: "",
  prevUpTo: 0,
};
const kept = (entries: ReturnType<typeof event>[], from: number) => {
  const { state, entries: left } = withoutExpired({ state: STATE, entries }, from);
  return { seqs: left.map(({ seq }) => seq), floor: state.floor, expired: state.expired };
};

it("a day is kept from its first moment on, UTC, and for ever when no days are named", () => {
  const day = Date.UTC(2026, 10, 27);
  for (const now of [0, 1, 43_200_000, 86_399_999]) expect(keptSince(day + 86_400_000 + now, 1)).toBe(day);
  expect(keptSince(day, 0)).toBe(0);
});

it("a text that speaks of times is not its time", () => {
  expect(atOf(event(1, 1_700_000_000_000, '"seq":1,"at":5').bytes)).toBe(1_700_000_000_000);
  expect(atOf(event(1, undefined, '"seq":1,"at":5').bytes)).toBeNaN();
});

it("events past it are left out, with events before them that have no time", () => {
  const events = [event(1, 10), event(2, undefined), event(3, 20), event(4, undefined), event(5, 30)];
  expect(kept(events, 10)).toEqual({ seqs: [1, 2, 3, 4, 5], floor: 1, expired: 0 });
  expect(kept(events, 21)).toEqual({ seqs: [4, 5], floor: 4, expired: 3 });
  expect(kept(events, 31)).toEqual({ seqs: [], floor: 6, expired: 5 });
});
