/** Figures as Markdown: for each scenario a line a figure and a column a contender, with the median and the spread of the rounds. Pure. */
import { type Outcome, type Plan, type Row, shownValue } from "./compare.ts";
import { processOf } from "./figures.ts";

type Told = Pick<Outcome, "rows" | "absent" | "failed">;

export function tablesOf({ scenarios }: Pick<Plan, "scenarios">, { rows, absent, failed }: Told): string[] {
  return [
    ...scenarios.flatMap(({ name, about }) => {
      const own = rows.filter(({ scenario }) => scenario === name);
      if (own.length === 0) return [];
      return ["", `### ${name}`, "", `${about}.`, "", ...tableOf(own), "", ...byProcess(own)];
    }),
    ...listOf(
      "Not to be had here",
      [...absent].map(([name, reason]) => `${name}: ${reason}`),
    ),
    ...listOf("Without figures", failed),
  ];
}

/** Every figure of every round. */
export function rawRows(rows: readonly Row[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { scenario, contender, figure, value } of rows) {
    const key = `${scenario}, ${contender}, ${figure}`;
    lines.set(key, [...(lines.get(key) ?? []), shownValue(value)]);
  }
  return [...lines].map(([key, values]) => `${key}: ${values.join(" ")}`);
}

function tableOf(rows: Row[]): string[] {
  const names = contendersOf(rows);
  const figures = figuresOf(rows.filter(({ figure }) => (processOf(figure)?.process ?? "all") === "all"));
  const cells = (figure: string): string[] => names.map((name) => shownSpread(valuesOf(rows, name, figure)));
  return [
    lineOf(["", ...names]),
    lineOf(["---", ...names.map(() => "---")]),
    ...figures.map((figure) => lineOf([figure.replace(/: all$/, ""), ...cells(figure)])),
  ];
}

/** The medians of each process: contenders have different ones, so they make no table. */
function byProcess(rows: Row[]): string[] {
  return contendersOf(rows).flatMap((name) => {
    const parts = new Map<string, string[]>();
    for (const figure of figuresOf(rows)) {
      const { process = "all", kind = "" } = processOf(figure) ?? {};
      const value = medianOf(valuesOf(rows, name, figure));
      if (process === "all" || value === undefined) continue;
      parts.set(kind, [...(parts.get(kind) ?? []), `${process} ${shownValue(value)}`]);
    }
    return [...parts].map(([kind, shares]) => `- ${name}, ${kind}: ${shares.join(", ")}`);
  });
}

const contendersOf = (rows: Row[]): string[] => [...new Set(rows.map(({ contender }) => contender))];
const figuresOf = (rows: Row[]): string[] => [...new Set(rows.map(({ figure }) => figure))];
const valuesOf = (rows: Row[], name: string, figure: string): number[] =>
  rows.filter((row) => row.figure === figure && row.contender === name).map(({ value }) => value);

const inOrder = (values: number[]): number[] => values.toSorted((a, b) => a - b);
const medianOf = (values: number[]): number | undefined => inOrder(values)[Math.floor(values.length / 2)];

/** The median, with the lowest and the highest of several. */
function shownSpread(values: number[]): string {
  const median = medianOf(values);
  if (median === undefined) return "–";
  const sorted = inOrder(values);
  const [low, high] = [sorted[0], sorted.at(-1)].map((value) => shownValue(value ?? 0));
  return low === high ? shownValue(median) : `${shownValue(median)} (${low} to ${high})`;
}

const lineOf = (cells: string[]): string => `| ${cells.join(" | ")} |`;
const listOf = (title: string, lines: string[]): string[] =>
  lines.length > 0 ? ["", `${title}:`, "", ...lines.map((line) => `- ${line}`)] : [];
