/**
 * `npm run bench -- small-rooms big-room --contenders suda,bare --rounds 3 --seconds 5 --scale 1 --out FILE`
 * Compares Suda with others people would pick instead: scenarios of `bench/scenarios/`, contenders of `bench/contenders/`; all of them when none
 * is named. Prints medians, and with `--out` writes the document. `--together` pins nothing: servers and driver share all cores. `npm run bench -- archive|partitions|retention` measures the archive instead,
 * and `npm run bench -- driver` the driver itself.
 */
import { ARCHIVE_SUBJECTS, isArchiveSubject, runArchiveSubject } from "./archive-subjects.ts";
import { measureDriver } from "./bench/ceiling.ts";
import { compare } from "./bench/compare.ts";
import { writeDocument } from "./bench/document.ts";
import { readPlan } from "./bench/plan.ts";
import { tablesOf } from "./bench/tables.ts";
import { describeMachine } from "./machine.ts";

const args = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  if (isArchiveSubject(args[0]))
    process.exitCode = (await runArchiveSubject(args[0], args.slice(1), say)) ? 0 : 1;
  else if (args[0] === "driver") await measureDriver(say);
  else process.exitCode = (await runComparison()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function runComparison(): Promise<boolean> {
  const { plan, out } = readPlan(args, ["driver", ...ARCHIVE_SUBJECTS]);
  // While this process is pinned, it sees fewer cores.
  const machine = describeMachine();
  const outcome = await compare(plan, say);
  for (const line of tablesOf(plan, outcome)) say(line);
  say(`servers and driver together on ${machine}`);
  const command = ["npm run bench --", ...args].join(" ");
  if (out) writeDocument(out, { command, machine }, plan, outcome);
  return outcome.failed.length === 0;
}
