import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Finding } from "../../../shared/server/preflight/finding.ts";
import { machineFindings } from "../../../shared/server/preflight/machine.ts";
import { watchMachine } from "./machine-watch.ts";

const MIB = 1 << 20;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const disk = (mebibytes: number): Finding[] => machineFindings({ disk: mebibytes * MIB }, 0);

it("a disk that fills is a line when it is short of room, one when it is full, and one when there is room", () => {
  const said: string[] = [];
  let free = 9_000;
  watchMachine(
    () => disk(free),
    disk(free),
    (line) => said.push(line),
  );
  for (free of [9_000, 1_000, 900, 50, 40, 8_000, 8_000]) vi.advanceTimersByTime(5_000);
  expect(said).toEqual([
    "Warning: 1000 MiB are free on the disk of the data folder: make room",
    "Warning: 50 MiB are free on the disk of the data folder: make room",
    "8000 MiB are free on the disk of the data folder",
  ]);
});

it("a finding that the start has said is not said again", () => {
  const said: string[] = [];
  watchMachine(
    () => disk(1_000),
    disk(1_000),
    (line) => said.push(line),
  );
  vi.advanceTimersByTime(20_000);
  expect(said).toEqual([]);
});
