import { expect, it } from "vitest";
import { createHistogram } from "./histogram.ts";
import { createSenders } from "./senders.ts";

const ack = (clientId: string, seq: number) => ({ type: "ack", room: "r", clientId, seq }) as const;

it("messages are shared out evenly and each is sent once", async () => {
  const senders = createSenders({ count: 3, messages: 9, rate: 10_000 });
  const sent: string[][] = [[], [], []];
  await senders.run(sent.map((list) => (clientId: string) => list.push(clientId)));
  expect(sent).toEqual([
    ["m0", "m3", "m6"],
    ["m1", "m4", "m7"],
    ["m2", "m5", "m8"],
  ]);
});

it("a second ack is counted, and one with another seq is a complaint", async () => {
  const senders = createSenders({ count: 1, messages: 2, rate: 10_000 });
  await senders.run([() => undefined]);
  for (const frame of [ack("m0", 1), ack("m0", 1), ack("m1", 2), ack("m1", 3)]) senders.answered(0, frame);
  expect(senders.acknowledged()).toBe(2);
  expect(senders.acknowledgedTwice()).toBe(2);
  expect(senders.complaints).toEqual(["m1: two acks, two seqs"]);
});

it("a message is due by the pace, however late it is sent", async () => {
  const senders = createSenders({ count: 1, messages: 3, rate: 100 });
  await senders.run([() => undefined]);
  const due = ["m0", "m1", "m2"].map((clientId) => senders.dueAt(clientId) ?? 0);
  expect((due[2] ?? 0) - (due[0] ?? 0)).toBeCloseTo(20);
});

it("quantiles are those of the values, to a tenth of a millisecond", () => {
  const histogram = createHistogram();
  expect(histogram.quantile(0.5)).toBe(0);
  for (let ms = 1; ms <= 100; ms++) histogram.add(ms);
  histogram.add(1e9);
  expect(histogram.quantile(0.5)).toBe(51);
  expect(histogram.quantile(0.99)).toBe(100);
  expect(histogram.quantile(1)).toBe(60_000);
});
