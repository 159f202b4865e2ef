/** The walk through many rooms, against a model of the archive. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewRecord } from "../../shared/server/kafka/records.ts";
import type { Span } from "../exchange/day-spans.ts";
import { epochOf, recordsOf } from "./event-records.ts";
import { type Bounds, gather } from "./gather.ts";
import type { Room, RoomEvent } from "./publish-queries.ts";
import { createWaitingRooms } from "./waiting-rooms.ts";

type Row = { seq: number; day: string };
type ModelRoom = { room: Room; rows: Row[] };

const TOPICS = { events: "e", messages: "m", published: "p" };
const PLACES = { topicsOf: () => TOPICS, cluster: () => "c", shardOf: () => 0 };
const SMALL: Bounds = { events: 12, bytes: 1 << 20, share: 3, rows: 5, days: 2, statements: 4 };

const eventOf = (roomId: number, seq: number): RoomEvent => ({
  ...{ roomId, seq, at: seq, kind: "message", userId: "u", nickname: "n", clientId: "c", text: "t" },
  ...{ deleted: false, data: null },
});

/** Rooms whose rows lie on days that may overlap, with jumps between epochs, and rows of an import above the last seq. */
const rooms = fc.array(
  fc.record({
    jumps: fc.array(fc.nat(3), { maxLength: 30 }),
    days: fc.array(fc.nat(5), { minLength: 30, maxLength: 30 }),
    inOrder: fc.boolean(),
    unsettled: fc.nat(4),
  }),
  { maxLength: 6 },
);

function modelOf(given: typeof rooms extends fc.Arbitrary<infer T> ? T : never): ModelRoom[] {
  return given.map(({ jumps, days, inOrder, unsettled }, n) => {
    let seq = 0;
    const bases: number[] = [];
    const sorted = inOrder ? days.toSorted((a, b) => a - b) : days;
    const rows = jumps.map((jump, i) => {
      if (jump === 3) {
        seq += 2_000_000;
        bases.push(seq);
      }
      seq += jump === 2 ? 2 : 1;
      return { seq, day: `d${sorted[i]}` };
    });
    const lastSeq = rows.at(-Math.min(unsettled, rows.length) - 1)?.seq ?? 0;
    return { room: { id: n + 1, name: `r${n}`, kind: "public", lastSeq, bases }, rows };
  });
}

function queriesOf(model: ModelRoom[], onStatement: (days: readonly string[], rows: number) => void) {
  const rowsOf = (roomId: number): Row[] => model.find(({ room }) => room.id === roomId)?.rows ?? [];
  return {
    findRooms: async (names: readonly string[]) =>
      model.flatMap(({ room }) => (names.includes(room.name) ? [room] : [])),
    async findSpans(asked: readonly { roomId: number; above: number }[], max: number) {
      return new Map(
        asked.map(({ roomId, above }) => {
          const spans = [...Map.groupBy(rowsOf(roomId), ({ day }) => day)].map(([day, rows]): Span => {
            const seqs = rows.map(({ seq }) => seq);
            return { day, first: Math.min(...seqs), last: Math.max(...seqs) };
          });
          const left = spans.filter(({ last }) => last > above).sort((a, b) => a.first - b.first);
          return [roomId, left.slice(0, max)];
        }),
      );
    },
    async readEvents(
      asked: readonly { roomId: number; above: number; upTo: number; max: number }[],
      days: readonly string[],
    ) {
      const found = asked.flatMap(({ roomId, above, upTo, max }) =>
        rowsOf(roomId)
          .filter(({ seq, day }) => seq > above && seq <= upTo && days.includes(day))
          .slice(0, max)
          .map(({ seq }) => eventOf(roomId, seq)),
      );
      onStatement(days, found.length);
      return found;
    },
  };
}

/** Publishes everything. @returns the transactions. */
async function publishAll(model: ModelRoom[], queries: ReturnType<typeof queriesOf>): Promise<NewRecord[][]> {
  const waiting = createWaitingRooms();
  for (const { room } of model) waiting.add(room.name);
  const published = new Map<string, number>();
  const transactions: NewRecord[][] = [];
  while (waiting.size > 0) {
    const names = waiting.take(4);
    const turns = await gather(queries, names, (room) => published.get(room) ?? 0, SMALL);
    transactions.push(turns.flatMap((turn) => recordsOf(turn, new Map(), PLACES)));
    for (const { room, events } of turns) {
      const last = events.at(-1);
      if (last) published.set(room.name, last.seq);
    }
    waiting.settle(
      turns.map(({ room, above, upTo, hasMore }) => ({ room: room.name, hadTurn: upTo > above, hasMore })),
    );
    expect(transactions.length).toBeLessThan(1_000);
  }
  return transactions;
}

describe("the walk through the rooms", () => {
  it("publishes each stored event once, in order and chained, and nothing of an import under way", async () => {
    await fc.assert(
      fc.asyncProperty(rooms, async (given) => {
        const model = modelOf(given);
        const transactions = await publishAll(
          model,
          queriesOf(model, (_, rows) => expect(rows).toBeLessThanOrEqual(SMALL.rows)),
        );
        for (const { room, rows } of model) {
          const events = transactions.flat().filter(({ topic, key }) => topic === "e" && key === room.name);
          const seqs = rows.map(({ seq }) => seq).filter((seq) => seq <= room.lastSeq);
          expect(events.map(({ headers }) => Number(headers?.ce_sequence))).toEqual(seqs);
          expect(events.map(({ headers }) => Number(headers?.ce_previous))).toEqual(
            [0, ...seqs].slice(0, -1),
          );
          expect(events.map(({ headers }) => headers?.ce_id)).toEqual(
            seqs.map((seq) => `${room.name}/${epochOf(room.bases, seq)}/${seq}`),
          );
        }
      }),
    );
  });

  it("ends each room's records of a transaction with the watermark of its last event", async () => {
    await fc.assert(
      fc.asyncProperty(rooms, async (given) => {
        const model = modelOf(given);
        for (const records of await publishAll(
          model,
          queriesOf(model, () => undefined),
        )) {
          expect(records.filter(({ topic }) => topic === "e").length).toBeLessThanOrEqual(SMALL.events);
          for (const { room } of model) {
            const own = records.filter(({ key = "" }) => key.split("/")[0] === room.name);
            const events = own.filter(({ topic }) => topic === "e");
            if (own.length === 0) continue;
            expect(own.at(-1)).toMatchObject({
              topic: "p",
              value: JSON.stringify({ seq: Number(events.at(-1)?.headers?.ce_sequence) }),
            });
            expect(own.filter(({ topic }) => topic === "p")).toHaveLength(1);
          }
        }
      }),
    );
  });
});

it("a quiet room has its turn in the second transaction, however much a busy one has", async () => {
  const rowsOf = (count: number): Row[] =>
    Array.from({ length: count }, (_, n) => ({ seq: n + 1, day: "d" }));
  const roomOf = (id: number, count: number): ModelRoom => ({
    room: { id, name: `r${id}`, kind: "public", lastSeq: count, bases: [] },
    rows: rowsOf(count),
  });
  const model = [roomOf(1, 500), roomOf(2, 500), roomOf(3, 500), roomOf(4, 500), roomOf(5, 1)];
  const transactions = await publishAll(
    model,
    queriesOf(model, () => undefined),
  );
  expect(
    transactions
      .slice(0, 2)
      .flat()
      .some(({ key }) => key === "r5"),
  ).toBe(true);
});

it("statements open no more days than they may, unless the days of a room overlap", async () => {
  const rows = Array.from({ length: 40 }, (_, n) => ({ seq: n + 1, day: `d${n}` }));
  const model = [1, 2].map(
    (id): ModelRoom => ({
      room: { id, name: `r${id}`, kind: "public", lastSeq: 40, bases: [] },
      rows: rows.map(({ seq }) => ({ seq, day: `d${seq * id}` })),
    }),
  );
  const opened: number[] = [];
  await publishAll(
    model,
    queriesOf(model, (days) => void opened.push(days.length)),
  );
  expect(Math.max(...opened)).toBe(SMALL.days);
});

describe("the rooms that wait", () => {
  it("news during a turn is another turn, with its own waiting time", () => {
    let now = 0;
    const waiting = createWaitingRooms(() => now);
    waiting.add("a");
    waiting.add("b");
    now = 100;
    expect(waiting.take(1)).toEqual(["a"]);
    waiting.add("a");
    now = 150;
    waiting.settle([{ room: "a", hadTurn: true, hasMore: false }]);
    expect(waiting.longestMs()).toBe(150);
    expect(waiting.take(9)).toEqual(["b", "a"]);
    waiting.settle([{ room: "b", hadTurn: true, hasMore: false }]);
    // `a` is no room any more.
    expect(waiting.size).toBe(0);
  });

  it("a room with more waits behind the others and since the beginning; one without a turn keeps its place", () => {
    let now = 0;
    const waiting = createWaitingRooms(() => now);
    for (const room of ["a", "b", "c"]) waiting.add(room);
    now = 50;
    waiting.take(2);
    waiting.settle([
      { room: "a", hadTurn: true, hasMore: true },
      { room: "b", hadTurn: false, hasMore: true },
    ]);
    expect(waiting.take(9)).toEqual(["b", "c", "a"]);
    expect(waiting.longestMs()).toBe(50);
  });
});
