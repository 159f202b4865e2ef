/** Collects the findings about rooms and compares them. Pure; verify.ts reads. */
import { createRuns, gapsOf, type Run, type Runs } from "./runs.ts";
import type { MapRow, RunRow, Unsettled, VerifiedRoom } from "./verify-queries.ts";

export type Finding = { room: string; fault: string };
export type Jump = { room: string; after: number; to: number };
export type Findings = ReturnType<typeof createFindings>;
/**
 * `lowest` and `highest`: the room's last seq before and after its rows were read; `stored`: the seq in Redis up to
 * which everything is stored.
 */
type Checked = VerifiedRoom & { lowest: number; highest: number; stored: number };

const seqs = ({ first, last }: Run): string => (first === last ? `seq ${first}` : `seqs ${first} to ${last}`);

/** @param unsettled ranges of rows that are being imported into existing rooms: not a part of the rooms yet. */
export function createFindings(unsettled: readonly Unsettled[]) {
  const runsOf = new Map<number, Runs>();
  const faultsOf = new Map<number, { day: string; fault: string }[]>();
  const lettersOf = new Map<string, Set<number>>();
  const importedFrom = new Map(unsettled.map(({ roomId, from }) => [roomId, from]));
  /** Of the day that is being read. */
  const spans = new Map<number, Run>();

  return {
    rooms: (): Iterable<number> => runsOf.keys(),
    addRun,
    endDay,
    addLetter(room: string, seq: number): void {
      const letters = lettersOf.get(room) ?? new Set();
      lettersOf.set(room, letters.add(seq));
    },
    suspectDays: (roomId: number): string[] => (faultsOf.get(roomId) ?? []).map(({ day }) => day),
    check,
  };

  function complain(roomId: number, day: string, fault: string): void {
    const faults = faultsOf.get(roomId) ?? [];
    faults.push({ day, fault: `${fault} (${day})` });
    faultsOf.set(roomId, faults);
  }

  function addRun(day: string, { roomId, first, last }: RunRow): void {
    let runs = runsOf.get(roomId);
    if (runs === undefined) {
      runs = createRuns();
      runsOf.set(roomId, runs);
    }
    const twice = runs.add({ first, last });
    if (twice) complain(roomId, day, `has ${seqs(twice)} on another day too`);
    const span = spans.get(roomId);
    spans.set(roomId, {
      first: Math.min(first, span?.first ?? first),
      last: Math.max(last, span?.last ?? last),
    });
  }

  function endDay(day: string, map: readonly MapRow[] | undefined): void {
    const mapped = new Map(map?.map((row) => [row.roomId, row]));
    for (const [roomId, span] of map === undefined ? [] : spans) {
      const row = mapped.get(roomId);
      mapped.delete(roomId);
      if (row === undefined) complain(roomId, day, `has ${seqs(span)} on a day that the map does not have`);
      else if (row.first !== span.first || row.last !== span.last)
        complain(roomId, day, `has ${seqs(span)} on a day of which the map says ${row.first} to ${row.last}`);
    }
    for (const [roomId, row] of mapped)
      complain(roomId, day, `has no rows on a day of which the map says ${row.first} to ${row.last}`);
    spans.clear();
  }

  function check({ id, name, bornSeq, isOld, lowest, highest, stored }: Checked): {
    jumps: Jump[];
    faults: Finding[];
  } {
    const all = runsOf.get(id)?.runs ?? [];
    const from = importedFrom.get(id) ?? Number.POSITIVE_INFINITY;
    const runs = all.filter(({ first }) => first < from);
    const letters = lettersOf.get(name) ?? new Set<number>();
    const { jumps, gaps } = gapsOf(runs, (seq) => letters.has(seq));
    const faults = (faultsOf.get(id) ?? []).map(({ fault }) => fault);
    for (const gap of gaps) faults.push(`lacks ${seqs(gap)}`);
    const top = runs.at(-1)?.last ?? 0;
    const kept = Math.max(top, bornSeq, ...letters);
    const isEmptied = top === 0 && isOld;
    if (kept < lowest && !isEmptied) faults.push(`has rows up to seq ${top}, and its last seq is ${lowest}`);
    if (top > highest) faults.push(`has rows up to seq ${top}, and its last seq is only ${highest}`);
    if (stored > Math.max(highest, ...letters))
      faults.push(`is told to be stored up to seq ${stored}, and its last seq is ${highest}`);
    return {
      jumps: jumps.map((jump) => ({ room: name, ...jump })),
      faults: faults.map((fault) => ({ room: name, fault })),
    };
  }
}
