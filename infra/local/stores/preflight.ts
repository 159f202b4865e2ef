/** The preflight of a start: looks at given stores and the limits of this machine before anything is made. */
import { certificateFindings } from "../../../shared/server/preflight/certificate.ts";
import {
  type Finding,
  lineOfFinding,
  refusals,
  strictly,
  warnings,
} from "../../../shared/server/preflight/finding.ts";
import { lookAtStores } from "../../../shared/server/preflight/look.ts";
import { clusterBytes, machineFindings } from "../../../shared/server/preflight/machine.ts";
import { readMachine } from "../../../shared/server/preflight/machine-facts.ts";
import { waitForStores } from "../../../shared/server/preflight/wait.ts";
import type { Config } from "../../../shared/server/process/config.ts";
import { GIVEN, readableStores, readSettings } from "../cli/environment.ts";
import type { StartOptions } from "../cli/options.ts";
import { lineOf, Problem } from "../cli/problem.ts";
import { recordedPids } from "../data/orphans.ts";

/**
 * Reads the settings.
 * @throws Problem with a line for each mistake, and for each finding that refuses on stores and machine, so that one
 * start tells all.
 */
export async function settingsOf({ gateways, data }: Omit<Start, "wait">): Promise<Config> {
  try {
    return readSettings();
  } catch (error) {
    const needs = { migrates: true, gateways, ownPids: recordedPids(data) };
    const stores = await lookAtStores({ ...readableStores(), ...needs });
    const found = refusals([...stores, ...machineFindings(readMachine(data), clusterBytes(gateways))]);
    throw new Problem([lineOf(error), ...found.map(lineOfFinding)].join("\n"));
  }
}

type Start = Pick<StartOptions, "gateways" | "data" | "wait">;

/**
 * Says every warning. Waits for given stores, and says so at once and every 10 s.
 * @throws Problem with a line for each finding that refuses.
 */
export async function preflight(
  { gateways, data, wait }: Start,
  { strict, tlsCert }: Pick<Config, "strict" | "tlsCert">,
  say: (line: string) => void,
): Promise<void> {
  const look = (): Promise<Finding[]> =>
    lookAtStores({ ...GIVEN, migrates: true, gateways, ownPids: recordedPids(data) });
  const stores = await waitForStores({
    look,
    onWait: (passing) => {
      for (const { says } of passing) say(lineOfFinding({ says: `waiting for ${says}` }));
    },
    waitMs: wait * 1_000,
  });
  const machine = machineFindings(readMachine(data), clusterBytes(gateways));
  const all = [...stores, ...machine, ...certificateFindings(tlsCert)];
  const findings = strict ? strictly(all) : all;
  for (const finding of warnings(findings)) say(`Warning: ${lineOfFinding(finding)}`);
  const found = refusals(findings);
  if (found.length > 0) throw new Problem(found.map(lineOfFinding).join("\n"));
}
