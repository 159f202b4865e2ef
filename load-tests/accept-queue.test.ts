import { expect, test } from "vitest";
import { acceptQueueIn } from "./accept-queue.ts";

const NETSTAT = [
  "TcpExt: SyncookiesSent ListenOverflows ListenDrops DelayedACKs",
  "TcpExt: 5 7 9 11",
  "IpExt: InNoRoutes ListenDrops",
  "IpExt: 1 2",
].join("\n");

test("overflows and drops are read by their names", () => {
  expect(acceptQueueIn(NETSTAT)).toEqual({ overflows: 7, drops: 9 });
});

test("a kernel that does not tell them is no kernel without overflows", () => {
  expect(() => acceptQueueIn("TcpExt: SyncookiesSent\nTcpExt: 5\n")).toThrow("does not tell ListenOverflows");
});
