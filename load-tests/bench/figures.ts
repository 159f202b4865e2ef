/** Figures that several scenarios have, from one measurement. Pure. */
import type { Figure, Joined, Measured } from "./scenario.ts";

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

/** The load of all processes, and of each, in percent of a core. */
export const loadOf = (cpu: Map<string, number>, when: string, seconds: number): Figure[] =>
  cpuOf({ cpu }, when, seconds * 10, "% of a core");

export const joinsOf = ({ p50, p99, failed, joined, cpu }: Joined, when: string): Figure[] => [
  [`p50 ms of a join ${when}`, p50],
  [`p99 ms of a join ${when}`, p99],
  [`sockets that could not join ${when}`, failed],
  ...cpuOf({ cpu }, when, joined, "ms per join"),
];

export const fanOutOf = (measured: Measured, when: string): Figure[] => [
  [`deliveries/s ${when}`, measured.deliveredInTime / measured.seconds],
  [`% of deliveries that came ${when}`, (measured.delivered / measured.due) * 100],
  ...latencyOf(measured, when),
  ...cpuOf(measured, when, measured.delivered / 1_000, "s per million deliveries"),
];

/** @returns the process of such a figure, if it is one of CPU, and the words before it. */
export function processOf(figure: string): { kind: string; process: string } | undefined {
  const [, kind, process] = /^(CPU .*): (.+)$/.exec(figure) ?? [];
  return kind && process ? { kind, process } : undefined;
}

const arrived = (ms: number): number => (ms < 0 ? Number.POSITIVE_INFINITY : ms);
