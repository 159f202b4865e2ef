/**
 * `npm run faults -- [--only NAME,NAME] [--seconds N] [--clients N] [--rooms N] [--rate N] [--gateways N] [--seed N]
 * [--data DIR] [--json]` Starts a cluster, injects every fault while many clients talk, and judges their journals. `--seconds`: of
 * load for each fault; for `--only mix`, rounds of several faults at once, all rounds together. `--rooms`: the clients are
 * spread over them; promised silences are those of a room, so give each its own ten messages a second. `--seed` repeats the
 * choice of faults, not a run. `--data`: a folder to inspect afterwards. `--json`: a line for each fault. Exit code 1
 * if a promise was broken. Linux only.
 */
import { MIXED } from "./faults/catalog/catalog.ts";
import type { Fault } from "./faults/catalog/fault.ts";
import { mixOf } from "./faults/catalog/mix.ts";
import { grownIn } from "./faults/judge/memory-growth.ts";
import type { Outcome } from "./faults/judge/outcome.ts";
import { type Options, readOptions } from "./faults/options.ts";
import { createRandom } from "./faults/random.ts";
import { type Load, runFault } from "./faults/run-fault.ts";
import { tableHead, tableRow } from "./faults/table.ts";
import type { Memory } from "./faults/target/memory.ts";
import {
  type FaultTarget,
  openFaultTarget,
  openRelayedFaultTarget,
  openTwoMachines,
} from "./faults/target/target.ts";
import { describeMachine } from "./machine.ts";

const ROUND_SECONDS = 20;
/** The width of the first column, for a round of three faults. */
const MIX_WIDTH = 48;

/** The clusters that faults need, in the order in which they are played. */
const OPENERS = [
  [undefined, openFaultTarget],
  ["relay", openRelayedFaultTarget],
  ["machine", openTwoMachines],
] as const;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns whether every promise was kept. */
async function checkAll(options: Options): Promise<boolean> {
  const { faults, mix, seconds, clients, rooms, rate, gateways, seed, data, json } = options;
  const random = createRandom(seed);
  const settings = { gateways, clients, random, data };
  const width = mix ? MIX_WIDTH : Math.max(...faults.map(({ name }) => name.length)) + 1;
  let good = true;

  const tell = (outcome: Outcome): void => {
    const { notes, unsettled, missed, sloBreaches, verdict } = outcome;
    const words = [...notes, ...unsettled, ...missed, ...sloBreaches, ...verdict.evidence];
    if (json) say(JSON.stringify({ seed, ...outcome }));
    else for (const line of [tableRow(outcome, width), ...words.map((each) => `    ${each}`)]) say(line);
  };
  const play = async (fault: Fault, target: FaultTarget, load: Load): Promise<Memory[]> => {
    try {
      const outcome = await runFault(fault, target, load);
      good &&= outcome.good;
      tell(outcome);
      return [outcome.memoryMiB];
    } catch (error) {
      good = false;
      process.stderr.write(`${fault.name} could not be played: ${(error as Error).message}\n`);
      return [];
    }
  };
  const playEach = (wanted: Fault[]) => async (target: FaultTarget) => {
    for (const fault of wanted) await play(fault, target, { rate, seconds, rooms });
  };
  const playMix = async (target: FaultTarget): Promise<void> => {
    const rounds: Memory[] = [];
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; )
      rounds.push(...(await play(mixOf(MIXED, random), target, { rate, seconds: ROUND_SECONDS, rooms })));
    const grown = grownIn(rounds);
    good &&= grown.length === 0;
    if (json) say(JSON.stringify({ seed, fault: "mix", good: grown.length === 0, grown }));
    else for (const words of grown) say(`BROKEN ${words}`);
  };

  if (!json) {
    say(
      `${clients} clients${rooms > 1 ? ` in ${rooms} rooms` : ""}, ${rate} messages/s, ${gateways} gateways, seed ${seed}`,
    );
    say(`cluster and clients together on ${describeMachine()}\n`);
    say(tableHead(width));
  }
  for (const [needs, open] of OPENERS) {
    const wanted = faults.filter((fault) => fault.needs === needs);
    if (wanted.length > 0) await onFaultTarget(open(settings), playEach(wanted));
  }
  if (mix) await onFaultTarget(openRelayedFaultTarget(settings), playMix);
  return good;
}

/** Runs `play` on a target and closes the target, also when interrupted. */
async function onFaultTarget(
  opening: Promise<FaultTarget>,
  play: (target: FaultTarget) => Promise<void>,
): Promise<void> {
  const target = await opening;
  const leave = (): void => void target.close().then(() => process.exit(130));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    await play(target);
  } finally {
    process.off("SIGINT", leave).off("SIGTERM", leave);
    await target.close();
  }
}

try {
  process.exitCode = (await checkAll(readOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
