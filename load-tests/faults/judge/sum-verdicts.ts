/** The verdict on a run in several rooms: the sums of the verdicts on each. */
import { type Broken, MAX_EVIDENCE, type Verdict } from "./judge.ts";

/** @param verdicts by room, at least one. The evidence names the room if there are several. */
export function sumVerdicts(verdicts: ReadonlyMap<string, Verdict>): Verdict {
  const all = [...verdicts.values()];
  const sum = (of: (verdict: Verdict) => number): number => all.reduce((total, each) => total + of(each), 0);
  const kinds = Object.keys(all[0]?.broken ?? {}) as (keyof Broken)[];
  return {
    messages: sum(({ messages }) => messages),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    failed: sum(({ failed }) => failed),
    announcedLosses: sum(({ announcedLosses }) => announcedLosses),
    startedOver: sum(({ startedOver }) => startedOver),
    lateness: {
      joins: sum(({ lateness }) => lateness.joins),
      behind: sum(({ lateness }) => lateness.behind),
      maxMs: Math.max(...all.map(({ lateness }) => lateness.maxMs)),
    },
    broken: Object.fromEntries(kinds.map((kind) => [kind, sum(({ broken }) => broken[kind])])) as Broken,
    evidence: [...verdicts]
      .flatMap(([room, { evidence }]) => evidence.map((line) => (all.length > 1 ? `${room}: ${line}` : line)))
      .slice(0, MAX_EVIDENCE),
  };
}
