import { expect, test } from "vitest";
import type { StoredRecord } from "../../shared/server/kafka/records.ts";
import { findStale } from "./stale-messages.ts";

const NOON = Date.UTC(2026, 10, 22, 12);
const said = (key: string, user: string | undefined): StoredRecord =>
  ({ key, value: user && Buffer.from(JSON.stringify({ user: { id: user }, at: NOON })) }) as StoredRecord;

test("messages of deleted rooms are found up to their last seq, and those of closed accounts with their day", async () => {
  const records = [
    ...[said("gone/1", "ann"), said("gone/2", "ann"), said("gone/2", undefined), said("gone/1000009", "ann")],
    ...[said("tea/1", "ann"), said("tea/2", "closed"), said("tea/3", "closed"), said("tea/3", undefined)],
  ];
  const found = await findStale(async (_, visit) => records.forEach(visit), "suda.messages", {
    deletedRooms: new Map([["gone", 5]]),
    closed: new Set(["closed"]),
  });
  expect(found.gone).toEqual(["gone/1"]);
  expect([...found.renamed]).toEqual([["tea/2", "2026-11-22"]]);
});
