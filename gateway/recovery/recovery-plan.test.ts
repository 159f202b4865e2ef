import { describe, expect, test } from "vitest";
import type { LoggedEvent } from "../events/event.ts";
import { planRecovery } from "./recovery-plan.ts";

const event = (seq: number, epoch = "e1"): LoggedEvent => ({
  seq,
  epoch,
  bytes: Buffer.from(
    `{"type":"message","room":"r","seq":${seq},"at":1,"user":{"id":"u"},"clientId":"c","text":"t"}`,
  ),
});
const deletion = (seq: number, target: number): LoggedEvent => ({
  seq,
  epoch: "e1",
  bytes: Buffer.from(
    `{"type":"deleted","room":"r","seq":${seq},"at":1,"target":${target},"by":"u","clientId":"d"}`,
  ),
});
const range = (from: number, to: number): LoggedEvent[] =>
  Array.from({ length: to - from + 1 }, (_, i) => event(from + i));
const memory = (from: number, to: number, epoch = "e1") => ({
  position: { epoch, seq: to },
  completeAbove: from - 1,
  events: range(from, to),
});
const seqs = (entries: LoggedEvent[]): number[] => entries.map(({ seq }) => seq);

describe("after Redis came back", () => {
  test("whole, nothing is refilled and nothing is lost", () => {
    const found = planRecovery({
      redis: { epoch: "e1", seq: 5 },
      postgresSeq: 3,
      archived: [],
      memory: memory(1, 5),
    });
    expect(found).toEqual({ entries: [], prevEpoch: "e1", prevUpTo: 5, top: 5, lost: 0 });
  });

  test("cut short, memory brings what PostgreSQL does not have yet", () => {
    const found = planRecovery({
      redis: { epoch: "e1", seq: 5 },
      postgresSeq: 3,
      archived: [],
      memory: memory(2, 8),
    });
    expect(found).toMatchObject({ prevUpTo: 8, top: 8, lost: 0 });
    expect(seqs(found.entries)).toEqual([6, 7, 8]);
  });

  test("of what PostgreSQL has, only the newest are put back; of what it lacks, all", () => {
    const archived = range(6, 8);
    const entriesOf = (postgresSeq: number) =>
      seqs(
        planRecovery({ redis: undefined, postgresSeq, archived, memory: memory(1, 9), newest: 4 }).entries,
      );
    expect([entriesOf(8), entriesOf(2)]).toEqual([
      [6, 7, 8, 9],
      [3, 4, 5, 6, 7, 8, 9],
    ]);
  });

  test("cut below PostgreSQL, the archive joins on and memory goes on from there", () => {
    const found = planRecovery({
      redis: { epoch: "e1", seq: 5 },
      postgresSeq: 7,
      archived: range(1, 7),
      memory: memory(8, 9),
    });
    expect([seqs(found.entries), found.prevUpTo, found.lost]).toEqual([[6, 7, 8, 9], 9, 0]);
  });

  test("empty, without memory, the archive alone is known and no epoch is", () => {
    const found = planRecovery({
      redis: undefined,
      postgresSeq: 7,
      archived: range(5, 7),
      memory: undefined,
    });
    expect([seqs(found.entries), found.prevEpoch, found.prevUpTo, found.top, found.lost]).toEqual([
      [5, 6, 7],
      "",
      7,
      7,
      0,
    ]);
  });

  test("empty, with memory that joins PostgreSQL, nothing is lost", () => {
    const found = planRecovery({
      redis: undefined,
      postgresSeq: 7,
      archived: range(5, 7),
      memory: memory(6, 9),
    });
    expect([seqs(found.entries), found.prevEpoch, found.lost]).toEqual([[5, 6, 7, 8, 9], "e1", 0]);
  });

  test("empty, with memory beyond a gap, the events in the gap are lost and counted", () => {
    const found = planRecovery({
      redis: undefined,
      postgresSeq: 3,
      archived: range(1, 3),
      memory: memory(6, 9),
    });
    expect([seqs(found.entries), found.prevEpoch, found.lost]).toEqual([[6, 7, 8, 9], "", 2]);
  });

  test("cut short, with memory beyond a gap, memory is not used and its events are lost", () => {
    const found = planRecovery({
      redis: { epoch: "e1", seq: 3 },
      postgresSeq: 3,
      archived: [],
      memory: memory(6, 9),
    });
    expect(found).toMatchObject({ entries: [], prevUpTo: 3, top: 9, lost: 6 });
  });

  test("memory of another epoch says nothing about this one", () => {
    const found = planRecovery({
      redis: { epoch: "e2", seq: 3 },
      postgresSeq: 3,
      archived: [],
      memory: memory(1, 9, "e1"),
    });
    expect(found).toMatchObject({ entries: [], prevEpoch: "e2", prevUpTo: 3, top: 9 });
  });

  test("a message that memory knows to be deleted comes back without its text", () => {
    const known = { position: { epoch: "e1", seq: 4 }, completeAbove: 3, events: [deletion(4, 2)] };
    const found = planRecovery({ redis: undefined, postgresSeq: 3, archived: range(1, 3), memory: known });
    const second = found.entries.find(({ seq }) => seq === 2)?.bytes.toString() ?? "";
    expect([second.includes('"deleted":true'), second.includes('"text"')]).toEqual([true, false]);
  });
});
