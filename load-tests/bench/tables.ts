/** Figures as Markdown: for each scenario a line a figure, a column a contender, with the median and the spread of the rounds. */
import { type Outcome, type Plan, type Row, shownValue } from "./compare.ts";

export function tablesOf(
  { scenarios }: Pick<Plan, "scenarios">,
  { rows, absent, failed }: Outcome,
): string[] {
  return [
    ...scenarios.flatMap(({ name, about }) => {
      const own = rows.filter(({ scenario }) => scenario === name);
      return own.length > 0 ? ["", `### ${name}`, "", `${about}.`, "", ...tableOf(own)] : [];
    }),
    ...listOf(
      "Not to be had here",
      [...absent].map(([name, reason]) => `${name}: ${reason}`),
    ),
    ...listOf("Without figures", failed),
  ];
}

function tableOf(rows: Row[]): string[] {
  const names = [...new Set(rows.map(({ contender }) => contender))];
  const figures = [...new Set(rows.map(({ figure }) => figure))];
  const cell = (figure: string, name: string): string =>
    shownSpread(
      rows.filter((row) => row.figure === figure && row.contender === name).map(({ value }) => value),
    );
  return [
    lineOf(["", ...names]),
    lineOf(["---", ...names.map(() => "---")]),
    ...figures.map((figure) => lineOf([figure, ...names.map((name) => cell(figure, name))])),
  ];
}

/** The median, and the lowest and highest of several. */
function shownSpread(values: number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) return "–";
  const [low, high] = [sorted[0], sorted.at(-1)].map((value) => shownValue(value ?? 0));
  return sorted.length > 1 && low !== high ? `${shownValue(median)} (${low} to ${high})` : shownValue(median);
}

const lineOf = (cells: string[]): string => `| ${cells.join(" | ")} |`;
const listOf = (title: string, lines: string[]): string[] =>
  lines.length > 0 ? ["", `${title}:`, "", ...lines.map((line) => `- ${line}`)] : [];
