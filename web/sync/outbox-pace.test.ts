/** Temporary refusals: which entries wait, how long, and in which order they are sent. */
import { expect, test } from "vitest";
import { createFakeOutbox, RESEND_MS } from "./outbox.fake.ts";

/** A server that accepts five at once and then one a second, as the real one does, after a round trip. */
test.each([0, 40, 900])(
  "lines that come too fast go out in the order written, by themselves (%d ms away)",
  (journeyMs) => {
    const { outbox, sent, clock, states } = createFakeOutbox();
    const said = Array.from({ length: 14 }, (_, i) => `line ${i}`);
    const arrived: string[] = [];
    let [tokens, at, received, seq] = [5, clock.now(), 0, 0];
    const serve = () => {
      for (; received < sent.length; received++) {
        const [clientId = "", ...text] = sent[received]?.split(" ") ?? [];
        clock.after(journeyMs, () => {
          tokens = Math.min(5, tokens + (clock.now() - at) / 1_000);
          at = clock.now();
          if (tokens >= 1) {
            tokens -= 1;
            seq += 1;
            arrived.push(text.join(" "));
          }
          const waitMs = Math.ceil((1 - tokens) * 1_000);
          const [isTaken, mine] = [arrived.at(-1) === text.join(" "), seq];
          clock.after(journeyMs, () => {
            if (isTaken) outbox.settle("lobby", clientId, mine, "a");
            else outbox.refused("lobby", clientId, "too_fast", waitMs);
            serve();
          });
        });
      }
    };
    for (const text of said) {
      outbox.write("lobby", text);
      serve();
      clock.advance(50);
    }
    for (let i = 0; i < 60; i++) {
      clock.advance(1_000);
      outbox.tick();
      serve();
    }
    expect(arrived).toEqual(said);
    expect(states().filter((state) => !state.endsWith("sent"))).toEqual([]);
  },
);

test("an entry that waits for its pace says why and until when", () => {
  const { outbox, entries, clock } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.refused("lobby", "c1", "slow_mode", 12_000);
  const resendAt = clock.now() + 12_000;
  expect(entries()).toMatchObject([{ state: "pending", code: "slow_mode", resendAt }]);
});

test("a new connection is no reason not to wait", () => {
  const { outbox, sent, clock } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.refused("lobby", "c1", "slow_mode", 12_000);
  outbox.resend("lobby");
  expect(sent).toHaveLength(1);
  clock.advance(12_000);
  outbox.tick();
  expect(sent).toHaveLength(2);
});

test("a pace slower than the time for repeating leaves it to the person, and says when", () => {
  const { outbox, clock, entries } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.refused("lobby", "c1", "slow_mode", RESEND_MS + 1);
  const retryAt = clock.now() + RESEND_MS + 1;
  expect(entries()).toMatchObject([{ state: "failed", code: "slow_mode", retryAt }]);
});

test("a fault of the server is tried again by itself, twice, a little later each time", () => {
  const { outbox, sent, clock, entries } = createFakeOutbox();
  outbox.write("lobby", "hi");
  outbox.write("lobby", "next");
  for (const waitMs of [1_000, 2_000]) {
    outbox.refused("lobby", "c1", "internal");
    clock.advance(waitMs - 1);
    outbox.tick();
    expect(sent.at(-1)).toBe("c1 hi");
    const before = sent.length;
    clock.advance(1);
    outbox.tick();
    expect(sent.length).toBe(before + 1);
  }
  outbox.refused("lobby", "c1", "internal");
  expect(entries()).toMatchObject([{ state: "failed", code: "internal" }, { state: "pending" }]);
  expect(sent.at(-1)).toBe("c2 next");
});

test("said again, it stands behind what was said meanwhile", () => {
  const { outbox, states } = createFakeOutbox();
  outbox.write("lobby", "one");
  outbox.refused("lobby", "c1", "muted");
  outbox.write("lobby", "two");
  outbox.again("c1");
  expect(states()).toEqual(["c2 pending", "c1 pending"]);
});
