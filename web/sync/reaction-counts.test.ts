import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReactionsEvent } from "../../shared/server-frames.ts";
import { createReactionCounts } from "./reaction-counts.ts";

const ME = "me";
const event = (seq: number, emoji: string, on: string[], off: string[] = []): ReactionsEvent => ({
  ...{ type: "reactions", room: "r", seq, at: 0, clientId: `c${seq}` },
  changes: [{ target: 1, emoji, on, off }],
});
const came = [event(2, "👍", ["a"]), event(3, "❤️", [ME, "a"]), event(4, "👍", [ME], ["a"])];

test("a page that saw the reactions come and one that asked later show the same, in the same order", () => {
  const live = createReactionCounts();
  live.addPage({ from: 1, to: 9 }, { upTo: 1, reactions: [] }, [], ME);
  for (const each of came) live.apply(each, ME);
  const late = createReactionCounts();
  const reactions = [{ target: 1, emoji: "👍", count: 1, you: false }];
  late.addPage({ from: 1, to: 9 }, { upTo: 2, reactions }, came, ME);
  expect(live.list(1)).toEqual([
    { emoji: "❤️", count: 2, you: true },
    { emoji: "👍", count: 1, you: true },
  ]);
  expect(late.list(1)).toEqual(live.list(1));
});

test("an event that an answer counted already is not counted again", () => {
  const counts = createReactionCounts();
  const reactions = [{ target: 1, emoji: "👍", count: 1, you: false }];
  counts.addPage({ from: 1, to: 9 }, { upTo: 2, reactions }, came.slice(0, 1), ME);
  expect(counts.apply(event(2, "👍", ["a"]), ME)).toEqual([]);
  expect(counts.list(1)).toEqual([{ emoji: "👍", count: 1, you: false }]);
});

test("whenever pages are asked for, and however events are divided, the counts are those of all changes in their order", () => {
  const people = [ME, "a", "b"];
  const tap = fc.record({
    target: fc.integer({ min: 1, max: 3 }),
    emoji: fc.constantFrom("👍", "🎉"),
    who: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(
      fc.array(fc.array(tap, { maxLength: 4 }), { maxLength: 8 }),
      fc.infiniteStream(fc.nat()),
      (batches, at) => {
        const given = new Map<string, Set<string>>();
        const answerAt: Map<string, Set<string>>[] = [new Map()];
        const events = batches.map((taps, index): ReactionsEvent => {
          const changes = taps.map(({ target, emoji, who }) => {
            const key = `${target} ${emoji}`;
            const users = given.get(key) ?? new Set();
            given.set(key, users);
            const id = people[who] ?? "";
            const isOn = !users.has(id);
            if (isOn) users.add(id);
            else users.delete(id);
            return { target, emoji, on: isOn ? [id] : [], off: isOn ? [] : [id] };
          });
          answerAt.push(new Map([...given].map(([key, users]) => [key, new Set(users)])));
          return { type: "reactions", room: "r", seq: index + 1, at: 0, clientId: `c${index}`, changes };
        });
        const counts = createReactionCounts();
        const page = (from: number, to: number, heard: number) => {
          const upTo = (at.next().value ?? 0) % (events.length + 1);
          const reactions = [...(answerAt[upTo] ?? [])].flatMap(([key, users]) => {
            const [target = "", emoji = ""] = key.split(" ");
            const isIn = Number(target) >= from && Number(target) <= to && users.size > 0;
            return isIn ? [{ target: Number(target), emoji, count: users.size, you: users.has(ME) }] : [];
          });
          counts.addPage({ from, to }, { upTo, reactions }, events.slice(0, heard), ME);
        };
        page(1, 3, 0);
        for (const [index, each] of events.entries()) {
          counts.apply(each, ME);
          if ((at.next().value ?? 0) % 3 === 0) page(1, 3, index + 1);
        }
        for (const target of [1, 2, 3]) {
          const expected = [...given].flatMap(([key, users]) =>
            key.startsWith(`${target} `) && users.size > 0
              ? [`${key.slice(2)} ${users.size} ${users.has(ME)}`]
              : [],
          );
          const shown = counts.list(target).map(({ emoji, count, you }) => `${emoji} ${count} ${you}`);
          expect(shown.toSorted()).toEqual(expected.toSorted());
        }
      },
    ),
  );
});
