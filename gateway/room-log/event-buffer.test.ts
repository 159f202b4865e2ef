import { describe, expect, test } from "vitest";
import type { LoggedEvent } from "../events/event.ts";
import { createEventBuffer } from "./event-buffer.ts";

const event = (seq: number, epoch = "e1", size = 10): LoggedEvent => ({
  seq,
  epoch,
  bytes: Buffer.alloc(size, 120),
});
const fresh = { epoch: "e1", seq: 0, prevEpoch: "", prevUpTo: 0 };
const seqs = (events: readonly LoggedEvent[]): number[] => events.map(({ seq }) => seq);

/** Only the newest `events`. */
const bounds = (events: number, bytes = 1_000_000, ms = 0) => ({ events, bytes, ms });

function logOf(count: number, max = 100) {
  const log = createEventBuffer(bounds(max));
  log.reset(fresh, [], 0);
  for (let seq = 1; seq <= count; seq++) log.appendIfNext(event(seq));
  return log;
}

describe("a room log", () => {
  test("takes the next event, drops a repeated one, reports a gap and another epoch", () => {
    const log = logOf(2);
    expect(log.appendIfNext(event(3))).toBe("new");
    expect(log.appendIfNext(event(3))).toBe("seen");
    expect(log.appendIfNext(event(5))).toBe("gap");
    expect(log.appendIfNext(event(1_000_004, "e2"))).toBe("epoch");
    expect(log.position).toEqual({ epoch: "e1", seq: 3 });
  });

  test("knows the targets of its deletions, also older ones than its events, as long as it has the deletions", () => {
    const deletion = (seq: number, target: number): LoggedEvent => ({
      ...event(seq),
      bytes: Buffer.from(`{"type":"deleted","room":"r","seq":${seq},"at":1,"target":${target}}`),
    });
    const log = createEventBuffer(bounds(10));
    const isDeleted = (seq: number): boolean => log.isDeleted(event(seq));
    log.reset({ ...fresh, seq: 101 }, [deletion(101, 7)], 100);
    log.appendIfNext(deletion(102, 101));
    log.noteStored(1_000);
    expect([7, 101, 8].map(isDeleted)).toEqual([true, true, false]);
    for (let seq = 103; seq <= 112; seq++) log.appendIfNext(event(seq));
    expect([7, 101].map(isDeleted)).toEqual([false, false]);
    log.reset({ ...fresh, seq: 113 }, [deletion(113, 9)], 112);
    log.reset(fresh, [], 113);
    expect(isDeleted(9)).toBe(false);
  });

  test("removes an author's messages in a range, and knows those that are older than its events", () => {
    const said = (seq: number, author: string, text = "x"): LoggedEvent => ({
      ...event(seq),
      bytes: Buffer.from(
        `{"type":"message","room":"r","seq":${seq},"at":1,"user":{"id":"${author}","nickname":"n"},"clientId":"c","text":${JSON.stringify(text)}}`,
      ),
    });
    const trap = 'a ","user":{"id":"u1"';
    const log = createEventBuffer(bounds(10));
    log.reset(
      { ...fresh, seq: 104 },
      [said(101, "u1"), said(102, "u1"), said(103, "u2", trap), said(104, "u1")],
      100,
    );
    const removal = `{"type":"removed","room":"r","seq":105,"at":1,"author":"u1","from":102,"by":"m","clientId":"c"}`;
    log.appendIfNext({ ...event(105), bytes: Buffer.from(removal) });
    log.appendIfNext(said(106, "u1"));
    const texts = log.newest(10).events.map(({ bytes }) => JSON.parse(`${bytes}`).text);
    expect(texts).toEqual(["x", undefined, trap, undefined, undefined, "x"]);
    expect([
      log.isDeleted(said(103, "u1")),
      log.isDeleted(said(103, "u2")),
      log.isDeleted(said(99, "u1")),
    ]).toEqual([...[true, false, false]]);
    log.noteStored(1_000);
    for (let seq = 107; seq <= 118; seq++) log.appendIfNext(event(seq));
    expect(log.isDeleted(said(103, "u1"))).toBe(false);
  });

  test("drops late events of an older epoch", () => {
    const log = logOf(2);
    log.advanceEpoch({ epoch: "e2", seq: 1_000_002, prevEpoch: "e1", prevUpTo: 2 }, []);
    expect(log.appendIfNext(event(2, "e1"))).toBe("seen");
    expect(log.appendIfNext(event(1_000_003, "e2"))).toBe("new");
  });

  test("answers a resume with exactly what came after, also with nothing", () => {
    const log = logOf(5);
    const after3 = log.since({ epoch: "e1", seq: 3 });
    expect(after3.from === "memory" && seqs(after3.events)).toEqual([4, 5]);
    expect(log.since({ epoch: "e1", seq: 5 })).toEqual({ from: "memory", events: [] });
    expect(log.since({ epoch: "e1", seq: 0 }).from).toBe("memory");
  });

  test("has not heard of a position ahead of its head or of an unknown epoch", () => {
    const log = logOf(5);
    expect(log.since({ epoch: "e1", seq: 6 }).from).toBe("ahead");
    expect(log.since({ epoch: "e0", seq: 2 }).from).toBe("ahead");
    expect(log.since({ epoch: "", seq: 0 }).from).toBe("nowhere");
  });

  test("resumes the previous epoch up to where it is surely complete, and not beyond", () => {
    const log = logOf(5);
    log.advanceEpoch({ epoch: "e2", seq: 1_000_005, prevEpoch: "e1", prevUpTo: 4 }, []);
    log.appendIfNext(event(1_000_006, "e2"));
    const after3 = log.since({ epoch: "e1", seq: 3 });
    expect(after3.from === "memory" && seqs(after3.events)).toEqual([4, 5, 1_000_006]);
    expect(log.since({ epoch: "e1", seq: 5 }).from).toBe("nowhere");
  });

  test("keeps the newest events up to its limit, and knows what it no longer reaches", () => {
    const log = createEventBuffer(bounds(100));
    log.reset(fresh, [], 0);
    log.noteStored(200);
    for (let seq = 1; seq <= 200; seq++) log.appendIfNext(event(seq));
    expect(log.all().length).toBeLessThanOrEqual(110);
    expect(log.since({ epoch: "e1", seq: 5 }).from).toBe("backlog");
    const from150 = log.since({ epoch: "e1", seq: 150 });
    expect(from150.from === "memory" && from150.events.length).toBe(50);
    expect(log.newest(50).more).toBe(true);
  });

  test("keeps all events that PostgreSQL does not have yet, and drops them once it has them", () => {
    const log = logOf(0, 10);
    log.noteStored(5);
    for (let seq = 1; seq <= 100; seq++) log.appendIfNext(event(seq));
    expect(log.since({ epoch: "e1", seq: 5 }).from).toBe("memory");
    expect(log.all().length).toBeLessThanOrEqual(97);
    log.noteStored(95);
    log.appendIfNext(event(101));
    log.appendIfNext(event(102));
    expect(log.all().length).toBeLessThanOrEqual(11);
  });

  test("keeps within its budget of bytes, but never less than one event", () => {
    const log = createEventBuffer(bounds(100, 1_000));
    log.reset(fresh, [], 0);
    for (let seq = 1; seq <= 50; seq++) log.appendIfNext(event(seq, "e1", 300));
    const bytes = log.all().reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(bytes).toBeLessThanOrEqual(1_100);
    expect(log.all().at(-1)?.seq).toBe(50);
    log.appendIfNext(event(51, "e1", 5_000));
    expect(seqs(log.all())).toEqual([51]);
    expect(log.since({ epoch: "e1", seq: 50 }).from).toBe("memory");
  });

  describe("of a busy room", () => {
    const MINUTE = 60_000;
    /** Appends messages at a fixed rate; all of them are stored at once. */
    const busy = (bytes?: number) => {
      let time = 0;
      const log = createEventBuffer(bounds(500, bytes, 2 * MINUTE), undefined, () => time);
      log.reset(fresh, [], 0);
      const say = (perSecond: number, ms: number): void => {
        for (const end = time + ms; time < end; time += 1_000 / perSecond) {
          const { seq } = log.position;
          log.appendIfNext(event(seq + 1));
          if (seq % 50 === 0) log.noteStored(seq);
        }
        log.noteStored(log.position.seq);
      };
      const rest = (ms: number): void => {
        for (const end = time + ms; time < end; time += 500) log.noteStored(log.position.seq);
      };
      return { log, say, rest, head: () => log.position.seq };
    };
    const answers = (log: ReturnType<typeof busy>["log"], seq: number) =>
      log.since({ epoch: "e1", seq }).from;

    test("everything that the last two minutes brought is kept, and little more", () => {
      const { log, say, head } = busy();
      say(200, 5 * MINUTE);
      expect(answers(log, head() - 200 * 119)).toBe("memory");
      expect(answers(log, head() - 200 * 140)).toBe("backlog");
      expect(log.all().length).toBeLessThan(200 * 135);
    });

    test("when it falls silent the newest are left after as long", () => {
      const { log, say, rest, head } = busy();
      say(1_000, 3_000);
      rest(MINUTE);
      expect(answers(log, 0)).toBe("memory");
      rest(MINUTE + 5_000);
      expect(log.all().length).toBeLessThanOrEqual(550);
      expect(answers(log, head() - 500)).toBe("memory");
    });

    test("the budget of bytes holds", () => {
      const { log, say } = busy(50_000);
      say(200, MINUTE);
      expect(log.all().length).toBeLessThanOrEqual(5_500);
      expect(log.all().length).toBeGreaterThan(4_000);
    });
  });
});
