/**
 * `npm run faults -- [--only NAME,NAME|mix] [--seconds N] [--clients N] [--rate N] [--gateways N] [--seed N] [--data DIR] [--json]`
 * Starts a cluster, breaks it in every way there is while many clients talk, and judges what they saw. `--seconds`: of load
 * for each fault; of `mix`, rounds of several faults at once, all together. Exit code 1 when a promise was broken. Linux only.
 */
import { parseArgs } from "node:util";
import { FAULTS } from "./faults/catalog.ts";
import type { Fault } from "./faults/fault.ts";
import { mixOf } from "./faults/mix.ts";
import { createRandom } from "./faults/random.ts";
import { type Outcome, runFault } from "./faults/run-fault.ts";
import { type OpenStage, openProxiedStage, openStage } from "./faults/stage.ts";
import { tableHead, tableRow } from "./faults/table.ts";
import { describeMachine } from "./machine.ts";

const MIX = "mix";
const ROUND_SECONDS = 20;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "20" },
    clients: { type: "string", default: "300" },
    rate: { type: "string", default: "200" },
    gateways: { type: "string", default: "3" },
    seed: { type: "string" },
    data: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const sayAside = (line: string): void => void (values.json || say(line));

const [seconds, clients, rate, gateways] = [values.seconds, values.clients, values.rate, values.gateways].map(
  whole,
) as [number, number, number, number];
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : whole(values.seed);
const random = createRandom(seed);
const settings = { gateways, clients, random, data: values.data };

function whole(raw: string): number {
  const value = Number(raw);
  if (!Number.isInteger(value) || value < 0) throw new Error(`${raw}: a whole number is wanted`);
  return value;
}

/** @throws Error naming the faults there are when one is unknown. */
function wanted(): { faults: Fault[]; mixed: boolean } {
  const names = values.only?.split(",") ?? FAULTS.map(({ name }) => name);
  const faults = FAULTS.filter(({ name }) => names.includes(name));
  const unknown = names.filter((name) => name !== MIX && !faults.some((fault) => fault.name === name));
  if (unknown.length === 0) return { faults, mixed: names.includes(MIX) };
  const list = FAULTS.map(({ name, about }) => `  ${name.padEnd(18)}${about}`).join("\n");
  throw new Error(
    `There is no ${unknown.join(", ")}. There are:\n${list}\n  ${MIX.padEnd(18)}rounds of several at once`,
  );
}

function tell(outcome: Outcome): boolean {
  if (values.json) say(JSON.stringify({ seed, ...outcome }));
  else {
    say(tableRow(outcome));
    for (const words of [...outcome.unsettled, ...outcome.late, ...outcome.verdict.evidence])
      say(`    ${words}`);
  }
  return outcome.good;
}

/** Opens a stage, plays on it and closes it, also when the run is interrupted. */
async function onStage(
  open: Promise<OpenStage>,
  play: (stage: OpenStage) => Promise<boolean>,
): Promise<boolean> {
  const stage = await open;
  const leave = (): void => void stage.close().then(() => process.exit(130));
  process.once("SIGINT", leave).once("SIGTERM", leave);
  try {
    return await play(stage);
  } finally {
    process.off("SIGINT", leave).off("SIGTERM", leave);
    await stage.close();
  }
}

const playAll =
  (faults: Fault[]) =>
  async (stage: OpenStage): Promise<boolean> => {
    let good = true;
    for (const fault of faults) good = tell(await runFault(fault, stage, { rate, seconds })) && good;
    return good;
  };

async function playMix(stage: OpenStage): Promise<boolean> {
  let good = true;
  for (const end = Date.now() + seconds * 1_000; Date.now() < end; )
    good = tell(await runFault(mixOf(FAULTS, random), stage, { rate, seconds: ROUND_SECONDS })) && good;
  return good;
}

async function main(): Promise<boolean> {
  const { faults, mixed } = wanted();
  const plain = faults.filter(({ needsProxy }) => !needsProxy);
  const proxied = faults.filter(({ needsProxy }) => needsProxy);
  sayAside(`${clients} clients, ${rate} messages/s, ${gateways} gateways, seed ${seed}`);
  sayAside(describeMachine());
  sayAside(tableHead());
  let good = true;
  if (plain.length > 0) good = (await onStage(openStage(settings), playAll(plain))) && good;
  if (proxied.length > 0) good = (await onStage(openProxiedStage(settings), playAll(proxied))) && good;
  if (mixed) good = (await onStage(openStage(settings), playMix)) && good;
  return good;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
