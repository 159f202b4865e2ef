/**
 * Memory, Redis and PostgreSQL each hold a part of a room, and each part moves while clients catch up. In every order
 * of steps each client gets every event once, in order, and no text of a deleted message.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createJoinFixture, SMALL } from "./testing/join-fixture.ts";

/** Above every seq that a room of this test reaches. */
const STEP = 100_000;
/** Max steps of a read. Every answer afterwards knows a deletion that is older. */
const LONGEST_READ = 100;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const count = fc.integer({ min: 1, max: 90 });
const turns = fc.integer({ min: 1, max: 4 });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("say" as const), count }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("mumble" as const), count }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), which: share }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("store" as const), share }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("trim" as const), share }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("resync" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("renew" as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("drain" as const) }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant("wait" as const), turns }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Start = { first: number; since: number[]; pauses: number[] };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * A room with a history (all in PostgreSQL, the end in Redis, a little of that in memory) and lines that come back to
 * it.
 */
async function open({ first, since, pauses }: Start) {
  let [now, reads] = [0, 0];
  const wait = async (turns: number): Promise<void> => {
    for (let n = 0; n < turns; n++, now++) await turn();
  };
  const pause = async (): Promise<void> => {
    for (let turns = pauses[reads++ % pauses.length] ?? 0; turns > 0; turns--) await turn();
  };
  const fixture = createJoinFixture(SMALL, { inMemory: 50, max: 100_000, pause });
  const removedAt = new Map<number, number>();
  const leaks: number[] = [];
  const trim = (share: number): void => {
    const { floor, stored, seq } = fixture.state();
    const highest = Math.min(stored, seq - 1);
    if (highest >= floor) fixture.trim(floor - 1 + Math.ceil((highest - floor + 1) * share));
  };
  const remove = (which: number): void => {
    const messages = fixture
      .said()
      .filter(({ seq, bytes }) => bytes.includes('"text"') && !removedAt.has(seq));
    const target = messages[Math.floor(which * (messages.length - 1))]?.seq;
    if (target === undefined) return;
    fixture.remove(target);
    removedAt.set(target, now);
  };
  fixture.log(first);
  fixture.store(first);
  trim(0.8);
  const lines = since.map((part) => {
    const hear = (seq: number): void => {
      if (now - (removedAt.get(seq) ?? now) > LONGEST_READ) leaks.push(seq);
    };
    const line = fixture.line({ onText: hear });
    const from = Math.floor(first * part);
    return { line, from, joining: line.join({ epoch: "e1", seq: from }) };
  });
  return { fixture, lines, leaks, wait, trim, remove };
}

type Play = Awaited<ReturnType<typeof open>>;

async function act(
  { fixture, lines, wait, trim, remove }: Play,
  step: Step,
  epochs: number,
): Promise<number> {
  const { stored, seq, base } = fixture.state();
  if (step.do === "say") for (let n = 0; n < step.count; n++) fixture.say();
  else if (step.do === "mumble") for (let n = 0; n < step.count; n++) fixture.mumble();
  else if (step.do === "remove") remove(step.which);
  else if (step.do === "store") fixture.store(Math.floor(stored + (seq - stored) * step.share));
  else if (step.do === "trim") trim(step.share);
  else if (step.do === "resync") void fixture.rooms.resync();
  else if (step.do === "drain") for (const { line } of lines) line.drain();
  else if (step.do === "wait") await wait(step.turns);
  else {
    // A position two epochs old is unknown everywhere: all lines have to be past it.
    const allPast = lines.every(({ line }) => (line.seqs().at(-1) ?? 0) >= base);
    if (!allPast || seq === base) return epochs;
    void fixture.renew(`e${epochs + 1}`, (epochs + 1) * STEP);
    return epochs + 1;
  }
  return epochs;
}

/** Runs until every line has everything: lines drain, and the heartbeat finds events that the bus lost. */
async function settle({ fixture, lines, wait }: Play): Promise<void> {
  await Promise.all(lines.map(({ joining }) => joining));
  const isDone = (): boolean =>
    lines.every(({ line }) => line.listens() && line.seqs().at(-1) === fixture.said().at(-1)?.seq);
  for (let turns = 0; turns < 3_000 && !isDone(); turns++) {
    for (const { line } of lines) line.drain();
    if (turns % 50 === 0) void fixture.rooms.resync();
    await wait(1);
  }
}

test("from memory, Redis and PostgreSQL a client is told every event once and in order, and nothing that was deleted", async () => {
  const run = fc.asyncProperty(
    fc.array(step, { maxLength: 80 }),
    fc.record({
      first: fc.integer({ min: 1, max: 1_500 }),
      since: fc.array(share, { minLength: 1, maxLength: 3 }),
      pauses: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 10 }),
    }),
    async (steps, start) => {
      const play = await open(start);
      let epochs = 1;
      for (const each of steps) epochs = await act(play, each, epochs);
      await settle(play);
      for (const { line, from } of play.lines) {
        const due = play.fixture.said().filter(({ seq }) => seq > from);
        expect(line.seqs()).toEqual(due.map(({ seq }) => seq));
        expect(line.gaps()).toEqual([]);
        expect(line.notified().filter(({ recovered }) => recovered === false)).toEqual([]);
      }
      expect(play.leaks).toEqual([]);
    },
  );
  await fc.assert(run, { numRuns: 60 });
}, 60_000);
