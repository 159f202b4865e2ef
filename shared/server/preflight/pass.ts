/** The preflight of a gateway and of the worker, wherever they run. */
import type { Config } from "../process/config.ts";
import type { Log } from "../process/logger.ts";
import { Refused } from "../process/refused.ts";
import { type Finding, lineOfFinding, refusals, strictly, warnings } from "./finding.ts";
import { lookAtStores } from "./look.ts";
import { machineFindings, PROCESS_BYTES } from "./machine.ts";
import { readMachine } from "./machine-facts.ts";
import { waitForStores } from "./wait.ts";

type Preflight = {
  config: Pick<Config, "redisUrl" | "databaseUrl" | "strict">;
  log: Log;
  /** Makes tables. */
  migrates: boolean;
  stopped: () => boolean;
  /** Called with the findings that are waited for, and with none at the end. */
  onWait: (passing: Finding[]) => void;
};

/**
 * Waits for stores as long as it takes, with a line at once and every 10 s.
 * @returns the findings, of which the warnings are logged.
 * @throws Refused on a finding that only an operator mends.
 */
export async function passPreflight({
  config,
  log,
  migrates,
  stopped,
  onWait,
}: Preflight): Promise<Finding[]> {
  const { redisUrl, databaseUrl, strict } = config;
  const all = await waitForStores({
    look: () => lookAtStores({ redisUrl, databaseUrl, migrates, gateways: 1 }),
    onWait(passing) {
      for (const finding of passing) log.warn({ finding: lineOfFinding(finding) }, "waiting for a store");
      onWait(passing);
    },
    waitMs: Number.POSITIVE_INFINITY,
    stopped,
  });
  if (stopped()) return all;
  const findings = [...(strict ? strictly(all) : all), ...machineFindings(readMachine(), PROCESS_BYTES)];
  for (const finding of warnings(findings))
    log.warn({ finding: lineOfFinding(finding) }, "not as it should be");
  const found = refusals(findings);
  const [first, ...more] = found.map(lineOfFinding);
  for (const reason of more) log.fatal({ reason }, "refused");
  if (first !== undefined) throw new Refused(first);
  onWait([]);
  return findings;
}
