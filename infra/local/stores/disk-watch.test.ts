import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchDisk } from "./disk-watch.ts";

const MIB = 1 << 20;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("a disk that fills is a line when it is short of room, one when it is full, and one when there is room", () => {
  const said: string[] = [];
  let free = 9_000 * MIB;
  watchDisk(
    "/",
    (line) => said.push(line),
    () => free,
  );
  for (const next of [9_000, 1_000, 900, 50, 40, 8_000, 8_000]) {
    free = next * MIB;
    vi.advanceTimersByTime(5_000);
  }
  expect(said).toEqual([
    "Warning: 1000 MiB are free on the disk of the data folder: make room",
    "Warning: 50 MiB are free on the disk of the data folder: make room",
    "8000 MiB are free on the disk of the data folder",
  ]);
});
