import fc from "fast-check";
import { expect, test } from "vitest";
import { createFakeClock } from "./clock.fake.ts";
import { createFakeOutbox } from "./outbox.fake.ts";
import { createSendPace, type Rate } from "./send-pace.ts";

const openPace = (slowMs: number, rate?: Rate) => {
  const clock = createFakeClock();
  return { clock, pace: createSendPace({ now: clock.now, slowModeOf: () => slowMs, rate: () => rate }) };
};

test("the next message of a room in slow mode waits for its time, one of another room does not", () => {
  const { clock, pace } = openPace(10_000);
  pace.sent("tea");
  expect(pace.delayOf("tea")?.code).toBe("slow_mode");
  expect(pace.delayOf("mate")).toBeUndefined();
  clock.advance(10_200);
  expect(pace.delayOf("tea")).toBeUndefined();
});

test("a message that was refused does not hold the next one back", () => {
  const { pace } = openPace(10_000);
  pace.sent("tea");
  pace.refused("tea");
  expect(pace.delayOf("tea")).toBeUndefined();
});

test("nothing of the person before holds back the next one", () => {
  const { pace } = openPace(10_000, { perSecond: 1, burst: 1 });
  pace.sent("tea");
  pace.forget();
  expect(pace.delayOf("tea")).toBeUndefined();
});

test("messages never go out faster than the server's bucket gives tokens", () => {
  const rates = fc.record({
    perSecond: fc.integer({ min: 1, max: 10 }),
    burst: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(rates, fc.array(fc.nat(2_000), { maxLength: 60 }), (rate, waits) => {
      const { clock, pace } = openPace(0, rate);
      let tokens = rate.burst;
      for (const ms of waits) {
        clock.advance(ms);
        tokens = Math.min(rate.burst, tokens + (ms * rate.perSecond) / 1_000);
        const delay = pace.delayOf("tea");
        expect(delay === undefined).toBe(tokens >= 1 - 1e-9);
        if (delay) continue;
        pace.sent("tea");
        tokens -= 1;
      }
    }),
  );
});

test("written too fast, messages of a room go out one after the other in the order in which they were written", () => {
  const { clock, sent, outbox } = createFakeOutbox([], { perSecond: 1, burst: 2 });
  for (const text of ["a", "b", "c", "d"]) {
    outbox.write("tea", text);
    outbox.settle("tea", `c${sent.length}`, sent.length, "e");
  }
  expect(sent).toEqual(["c1 a", "c2 b"]);
  for (let seconds = 0; seconds < 4; seconds++) {
    clock.advance(1_000);
    outbox.tick();
    outbox.settle("tea", `c${sent.length}`, sent.length, "e");
  }
  expect(sent).toEqual(["c1 a", "c2 b", "c3 c", "c4 d"]);
});

test("a message that was held back goes out as soon as the slow mode of its room is over", () => {
  const { clock, sent, outbox, rules } = createFakeOutbox();
  rules.slowMs = 60_000;
  outbox.write("tea", "a");
  outbox.settle("tea", "c1", 1, "e");
  outbox.write("tea", "b");
  clock.advance(1_000);
  outbox.tick();
  expect(sent).toEqual(["c1 a"]);
  rules.slowMs = 0;
  clock.advance(1_000);
  outbox.tick();
  expect(sent).toEqual(["c1 a", "c2 b"]);
});
