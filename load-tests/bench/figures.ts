/** Figures that several scenarios have, from one measurement. Pure. */
import type { Figure } from "./scenario.ts";
import type { Measured } from "./trial.ts";

export const latencyOf = ({ p50, p99 }: Measured, when: string): Figure[] => [
  [`p50 ms ${when}`, arrived(p50)],
  [`p99 ms ${when}`, arrived(p99)],
];

/** CPU of all processes, and of each, divided by `count`. Numbers at the ends of names are dropped: `gateway-1` is a gateway. */
export function cpuOf({ cpu }: Pick<Measured, "cpu">, when: string, count: number, unit: string): Figure[] {
  const byKind = new Map<string, number>();
  for (const [name, ms] of cpu) {
    const kind = name.replace(/[- ]\d+$/, "s");
    byKind.set(kind, (byKind.get(kind) ?? 0) + ms);
  }
  const all = [...cpu.values()].reduce((sum, ms) => sum + ms, 0);
  return [["all", all] as Figure, ...byKind].map(([name, ms]) => [
    `CPU ${unit} ${when}: ${name}`,
    ms / count,
  ]);
}

const arrived = (ms: number): number => (ms < 0 ? Number.POSITIVE_INFINITY : ms);
