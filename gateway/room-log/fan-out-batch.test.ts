import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createBatch, frameOf } from "./fan-out-batch.ts";

const bytes = (text: string): Buffer => Buffer.from(text);

describe("a frame of several", () => {
  test("is the one itself, or an array of all in order", () => {
    expect(frameOf([bytes('{"a":1}')]).toString()).toBe('{"a":1}');
    expect(JSON.parse(frameOf([bytes('{"a":1}'), bytes('{"b":"수다"}')]).toString())).toEqual([
      { a: 1 },
      { b: "수다" },
    ]);
  });
});

describe("a batch", () => {
  let now = 1_000;
  let published: string[] = [];
  const batchFor = (members: number) =>
    createBatch(
      () => members,
      (frame) => published.push(frame.toString()),
      () => now,
    );
  const wait = (ms: number): void => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  beforeEach(() => {
    published = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("lets an event through at once in a quiet room", () => {
    batchFor(1_000).push(bytes("1"));
    expect(published).toEqual(["1"]);
  });

  test("holds events that come fast, and sends them as one frame in order", () => {
    const batch = batchFor(200);
    for (const event of ["1", "2", "3"]) batch.push(bytes(event));
    expect(published).toEqual(["1"]);
    wait(10);
    expect(published).toEqual(["1", "[2,3]"]);
  });

  test("holds longer the more sockets a publish reaches, within a bound", () => {
    const large = batchFor(100_000);
    large.push(bytes("1"));
    large.push(bytes("2"));
    wait(99);
    expect(published).toEqual(["1"]);
    wait(1);
    expect(published).toEqual(["1", "2"]);
  });

  test("gives out what it holds when told to, and not a second time", () => {
    const batch = batchFor(1_000);
    batch.push(bytes("1"));
    batch.push(bytes("2"));
    batch.flush();
    wait(100);
    expect(published).toEqual(["1", "2"]);
  });
});
