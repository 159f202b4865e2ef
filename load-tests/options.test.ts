import { expect, it } from "vitest";
import { thresholdsFor } from "./k6/thresholds.ts";
import { aboveZero, readOptions, wholeFromOne } from "./options.ts";

const read = (...args: string[]) =>
  readOptions(args, { sockets: 1_000, rate: 20 }, { data: undefined, room: "lobby" });

it("an absent option has its default", () => {
  expect(read("--rate", "5", "--data", "/tmp/x")).toEqual({
    sockets: 1_000,
    rate: 5,
    data: "/tmp/x",
    room: "lobby",
  });
});

it.each(["0", "-1", "", "x", "1e3", "0x10", " 5", "1.5", "NaN", "Infinity", "9999999999"])(
  "a measurement of %j things is refused",
  (raw) => {
    expect(() => read(`--rate=${raw}`)).toThrow("--rate: a whole number from 1");
    expect(() => wholeFromOne("rate", raw)).toThrow("--rate");
  },
);

it("an unknown option is named", () => {
  expect(() => read("--socket", "5")).toThrow("--socket");
  expect(() => read("5")).toThrow("5");
});

it.each(["0", "0.0", "-1", "", "x", "1e3", " 1"])("a pace of %j is refused", (raw) => {
  expect(() => aboveZero("pace", raw)).toThrow("--pace: a number above 0");
});

it("a run of k6 must show how much was sent, acknowledged and heard", () => {
  const thresholds = thresholdsFor({ vus: 20, durationS: 30, paceMs: 2_000 });
  expect(thresholds).toMatchObject({
    suda_joined: ["count==20"],
    suda_messages_sent: ["count>=200"],
    suda_messages_acknowledged: ["count>=200"],
    suda_messages_heard: ["count>=2000"],
    suda_messages_unacknowledged: ["count==0"],
  });
  const min = thresholdsFor({ vus: 1, durationS: 1, paceMs: 900 });
  expect([min.suda_messages_sent, min.suda_messages_heard]).toEqual([["count>=1"], ["count>=1"]]);
});
