import { expect, test } from "vitest";
import { createReaderLog } from "./reader-log.ts";

test("a connection that takes a read back is a fault, and one that begins further back is none", () => {
  const log = createReaderLog("device 1");
  for (const [on, read] of [
    [1, 4],
    [1, 9],
    [2, 7],
    [2, 9],
  ] as const)
    log.heard(on, read);
  expect(log.faults).toEqual([]);
  log.heard(2, 8);
  expect(log.faults).toEqual(["device 1 was told that it had read up to 9, and then up to 8"]);
});
