/** Writes the figures of a comparison into a document, between two marks; everything around them stays. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Outcome, Plan } from "./compare.ts";
import { rawRows, tablesOf } from "./tables.ts";

const [BEGIN, END] = ["<!-- bench -->", "<!-- /bench -->"];
const NEW_DOCUMENT = `# Benchmarks\n\n${BEGIN}\n${END}\n`;

/** @param command as it was given. @param machine its description. */
export function writeDocument(
  file: string,
  { command, machine }: { command: string; machine: string },
  plan: Plan,
  outcome: Outcome,
): void {
  const before = existsSync(file) ? readFileSync(file, "utf8") : NEW_DOCUMENT;
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no ${BEGIN} with ${END} after it`);
  const { cores, versions, rows } = outcome;
  const lines = [
    ...["", `\`${command}\`, on ${machine}.`],
    cores
      ? `The servers of a contender ran on core ${cores.servers}, the driver on core ${cores.driver}.`
      : "Servers and driver shared the cores.",
    `Medians of ${plan.rounds} rounds, in which the contenders took turns, each time freshly started; in brackets the lowest and the highest. ∞: it never came.`,
    ...["", "| contender | what it is | made of |", "| --- | --- | --- |"],
    ...plan.contenders
      .filter(({ name }) => versions.has(name))
      .map(({ name, about }) => `| ${name} | ${about} | ${versions.get(name)?.join(", ")} |`),
    ...tablesOf(plan, outcome),
    ...[
      "",
      "<details><summary>All rounds</summary>",
      "",
      "```",
      ...rawRows(rows),
      "```",
      "",
      "</details>",
      "",
    ],
  ];
  writeFileSync(file, `${before.slice(0, from + BEGIN.length)}\n${lines.join("\n")}\n${before.slice(to)}`);
}
