/** Outcomes as aligned plain text. */

import type { Outcome } from "./judge/outcome.ts";
import { largest } from "./target/memory.ts";

type Column = { head: string; width: number; of: (outcome: Outcome) => string };

const seconds = (ms: number): string => (ms / 1_000).toFixed(2);

const COLUMNS: Column[] = [
  { head: "messages", width: 8, of: ({ verdict }) => String(verdict.messages) },
  { head: "lost", width: 5, of: ({ verdict }) => String(verdict.broken.lost) },
  { head: "doubled", width: 7, of: ({ verdict }) => String(verdict.broken.doubled) },
  { head: "reordered", width: 9, of: ({ verdict }) => String(verdict.broken.reordered) },
  { head: "other", width: 5, of: ({ verdict }) => String(otherThan(verdict.broken)) },
  { head: "told", width: 6, of: ({ verdict }) => String(verdict.announcedLosses) },
  { head: "joins behind", width: 12, of: ({ verdict }) => latenessOf(verdict.lateness) },
  { head: "silence p50", width: 11, of: ({ silenceMs }) => seconds(silenceMs.p50) },
  { head: "p99", width: 6, of: ({ silenceMs }) => seconds(silenceMs.p99) },
  { head: "max", width: 6, of: ({ silenceMs }) => seconds(silenceMs.max) },
  { head: "heal p99", width: 8, of: ({ recoveredMs }) => seconds(recoveredMs.p99) },
  { head: "max", width: 6, of: ({ recoveredMs }) => seconds(recoveredMs.max) },
  { head: "count", width: 6, of: ({ countMs }) => seconds(countMs) },
  { head: "MiB", width: 4, of: ({ memoryMiB }) => String(largest(memoryMiB, "gateway-")) },
  { head: "worker", width: 6, of: ({ memoryMiB }) => String(largest(memoryMiB, "worker")) },
  { head: "Redis", width: 5, of: ({ memoryMiB }) => String(largest(memoryMiB, "redis")) },
];

/** The number of joins answered behind acknowledged messages, and the largest lag. */
const latenessOf = ({ joins, behind, maxMs }: Outcome["verdict"]["lateness"]): string =>
  `${behind}/${joins} ${seconds(maxMs)}`;

function otherThan({ lost, doubled, reordered, ...other }: Outcome["verdict"]["broken"]): number {
  return Object.values(other).reduce((sum, count) => sum + count, 0);
}

/** @param width of the first column: the longest name. */
export const tableHead = (width: number): string =>
  `${"fault".padEnd(width)}${COLUMNS.map(({ head, width }) => head.padStart(width)).join("  ")}  (times in s; MiB: the largest gateway, the worker, Redis)`;

export const tableRow = (outcome: Outcome, width: number): string =>
  `${outcome.fault.padEnd(width)}${COLUMNS.map(({ width, of }) => of(outcome).padStart(width)).join("  ")}  ${outcome.good ? "ok" : "BROKEN"}`;
