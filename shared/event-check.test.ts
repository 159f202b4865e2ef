import fc from "fast-check";
import { expect, test } from "vitest";
import { type CheckedEvent, checkedEventOf, createEventCheck } from "./event-check.ts";

/** Logs of rooms, mixed in any way that keeps the order of each. */
const logs = fc
  .array(
    fc.record({
      room: fc.constantFrom("a", "b", "c"),
      step: fc.oneof(fc.constant(1), fc.constant(2_000_001)),
    }),
    { minLength: 2, maxLength: 60 },
  )
  .map((steps) => {
    const last = new Map<string, number>();
    return steps.map(({ room, step }): CheckedEvent => {
      const previous = last.get(room) ?? 0;
      const seq = previous + step;
      last.set(room, seq);
      return { room, seq, previous };
    });
  });
const faultsOf = (events: CheckedEvent[], isWhole = true): [string, number][] => {
  const check = createEventCheck();
  return events.flatMap((event) => {
    const fault = check.take(event, isWhole);
    return fault ? [[fault.kind, fault.seq] as [string, number]] : [];
  });
};

test("however rooms are mixed and wherever epochs begin, nothing is found where nothing is wrong", () => {
  fc.assert(
    fc.property(logs, (events) => {
      expect(faultsOf(events)).toEqual([]);
    }),
  );
});

test("an event that is missing is a gap at the next one of its room, wherever it was", () => {
  fc.assert(
    fc.property(logs, fc.nat(), (events, at) => {
      const missing = events[at % events.length] as CheckedEvent;
      const next = events.find(({ room, previous }) => room === missing.room && previous === missing.seq);
      const left = events.filter((event) => event !== missing);
      expect(faultsOf(left)).toEqual(next ? [["gap", next.seq]] : []);
    }),
  );
});

test("events that come again are repeats, each of them, and what follows is due", () => {
  fc.assert(
    fc.property(logs, fc.nat(), fc.integer({ min: 1, max: 5 }), (events, at, many) => {
      const place = at % events.length;
      const again = events.slice(place, place + many);
      const seen = [...events.slice(0, place + many), ...again, ...events.slice(place + many)];
      expect(faultsOf(seen)).toEqual(again.map(({ seq }) => ["repeat", seq]));
    }),
  );
});

test("two events that change places are a gap and a repeat", () => {
  const [one, two, three] = [1, 2, 3].map((seq) => ({ room: "a", seq, previous: seq - 1 })) as CheckedEvent[];
  expect(faultsOf([one, three, two] as CheckedEvent[])).toEqual([
    ["gap", 3],
    ["repeat", 2],
  ]);
});

test("where older events were dropped, a room may begin anywhere", () => {
  const event = { room: "a", seq: 8, previous: 7 };
  expect(faultsOf([event], false)).toEqual([]);
  expect(faultsOf([event], true)).toEqual([["gap", 8]]);
});

test("other records are none of its business", () => {
  expect(checkedEventOf({ ce_subject: "u1", ce_type: "suda.user" })).toBeUndefined();
  expect(checkedEventOf({ ce_subject: "tea", ce_sequence: "7", ce_previous: "6" })).toEqual({
    ...{ room: "tea", seq: 7, previous: 6 },
  });
});
