/**
 * `npm run mutants [-- --only TEXT]`, or `breakages`: shows that the tests of docs/security.md can fail. Makes one mutant
 * at a time in a copy of this repository, and expects each test that must notice it to fail.
 */
import { parseArgs } from "node:util";
import { Problem, runCommand } from "../../infra/local/cli/problem.ts";
import { MUTANTS } from "./catalog.ts";
import { type Copy, copyRepository } from "./copy.ts";
import type { Mutant } from "./mutant.ts";
import { type Outcome, runTests } from "./run-tests.ts";

type Seen = { file: string; name: string; outcome: Outcome };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runCommand(async () => {
  const { only } = parseArgs({ options: { only: { type: "string", default: "" } } }).values;
  const chosen = MUTANTS.filter((mutant) => JSON.stringify(mutant).includes(only));
  if (chosen.length === 0) throw new Problem(`No mutant speaks of ${JSON.stringify(only)}`);
  const copy = copyRepository();
  process.once("exit", copy.remove);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

  let faults = 0;
  // A test that fails without the mutant proves nothing.
  for (const { file, name, outcome } of await runAll(copy, chosen)) {
    if (outcome === "passed") continue;
    faults += 1;
    say(`${outcome} before anything is broken (${file}: ${name})`);
  }
  for (const mutant of chosen) {
    const seen = await copy.whileMutated(mutant, () => runAll(copy, [mutant]));
    const blind = seen.filter(({ outcome }) => outcome !== "failed");
    if (blind.length === 0) say(`red   ${mutant.what}`);
    for (const { file, name, outcome } of blind)
      say(`GREEN ${mutant.what} (${file}: ${name}${outcome === "missing" ? ", which did not run" : ""})`);
    faults += blind.length;
  }
  say(`\n${chosen.length} mutants, ${faults} faults`);
  if (faults > 0) process.exitCode = 1;
});

/** Runs each test that must notice one of these, once. */
async function runAll({ folder }: Copy, mutants: readonly Mutant[]): Promise<Seen[]> {
  const files = new Map<string, Set<string>>();
  for (const [file, name] of mutants.flatMap(({ seenBy }) => seenBy))
    files.set(file, (files.get(file) ?? new Set()).add(name));
  const seen: Seen[] = [];
  for (const [file, names] of files) {
    for (const [name, outcome] of await runTests(folder, file, [...names]))
      seen.push({ file, name, outcome });
  }
  return seen;
}
