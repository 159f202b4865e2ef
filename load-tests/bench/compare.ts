/** Runs scenarios with contenders in turn, for several rounds, each time from a fresh start. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOOLS } from "../support/tools.ts";
import { type Contender, Unobtainable } from "./contender.ts";
import { startDriver } from "./drive.ts";
import { watchOtherLoad } from "./other-load.ts";
import { type Cores, pinApart } from "./pinning.ts";
import type { Scenario } from "./scenario.ts";
import { createTrial } from "./trial.ts";

/** Without it, a reader cannot tell a slow contender from a busy machine. */
const OTHER_LOAD = "% of the servers' cores that others took";

export type Plan = {
  scenarios: readonly Scenario[];
  contenders: readonly Contender[];
  rounds: number;
  seconds: number;
  /** The share of the sockets that a scenario has by itself. */
  scale: number;
  /** Whether servers and driver share all cores. */
  together: boolean;
};
export type Row = { scenario: string; contender: string; round: number; figure: string; value: number };
/** `absent`: contenders that cannot be had, with the reason. `failed`: trials without figures. */
export type Outcome = {
  rows: Row[];
  versions: Map<string, string[]>;
  absent: Map<string, string>;
  failed: string[];
  cores: Cores | undefined;
};

export async function compare(plan: Plan, say: (line: string) => void): Promise<Outcome> {
  const outcome: Outcome = {
    ...{ rows: [], versions: new Map(), absent: new Map(), failed: [] },
    cores: plan.together ? undefined : pinApart(),
  };
  for (let round = 1; round <= plan.rounds; round++)
    for (const scenario of plan.scenarios)
      for (const contender of plan.contenders) await once(round, scenario, contender);
  return outcome;

  async function once(round: number, scenario: Scenario, contender: Contender): Promise<void> {
    const { name } = contender;
    if (outcome.absent.has(name) || contender.without?.includes(scenario.name)) return;
    try {
      for (const [figure, value] of await run(scenario, contender)) {
        outcome.rows.push({ scenario: scenario.name, contender: name, round, figure, value });
        say(`${scenario.name}, round ${round}, ${name}: ${figure} ${shownValue(value)}`);
      }
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof Unobtainable) outcome.absent.set(name, message);
      else outcome.failed.push(`${scenario.name}, round ${round}, ${name}: ${message}`);
      say(`${scenario.name}, round ${round}, ${name}: ${message}`);
    }
  }

  async function run(scenario: Scenario, contender: Contender) {
    const folder = mkdtempSync(join(tmpdir(), "suda-bench-"));
    mkdirSync(TOOLS, { recursive: true });
    try {
      const running = await contender.start({ folder, tools: TOOLS, say });
      outcome.versions.set(contender.name, running.versions);
      const driver = startDriver(contender.name, outcome.cores);
      try {
        const otherLoad = outcome.cores && watchOtherLoad(outcome.cores.servers, running.processes);
        const figures = await scenario.run(createTrial(running, driver, plan));
        return otherLoad ? [...figures, [OTHER_LOAD, otherLoad()] as const] : figures;
      } finally {
        await driver.stop();
        await running.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    }
  }
}

/** Three digits that count. */
export const shownValue = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(value >= 1_000 ? 4 : 3))) : "∞";
