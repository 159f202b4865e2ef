/**
 * `npm run doctor [-- --json --gateways N --data DIR]`: looks at programs, settings, stores and limits. Exit code 1 if
 * anything would refuse a start.
 */
import { styleText } from "node:util";
import { certificateFindings } from "../../shared/server/preflight/certificate.ts";
import { type Finding, lineOfFinding, refusals, strictly } from "../../shared/server/preflight/finding.ts";
import { lookAtStores } from "../../shared/server/preflight/look.ts";
import { clusterBytes, machineFindings } from "../../shared/server/preflight/machine.ts";
import { readMachine } from "../../shared/server/preflight/machine-facts.ts";
import type { Config } from "../../shared/server/process/config.ts";
import { GIVEN, readableStores, readSettings, useStores } from "./cli/environment.ts";
import { MAX_GATEWAYS, readOptions, wholeNumber } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { findJoined } from "./data/join-file.ts";
import { recordedPids } from "./data/orphans.ts";
import { readRunner } from "./data/runner-file.ts";
import { findSigningKey } from "./data/secrets.ts";
import { lookAtMembership } from "./stores/membership.ts";
import { programFindings } from "./stores/program-findings.ts";

const USAGE = "npm run doctor -- --json --gateways N --data DIR";
const MARKS: Record<Finding["kind"], string> = {
  refuses: styleText("red", "refuses"),
  warns: styleText("yellow", "warns  "),
  fine: styleText("green", "fine   "),
};

await runCommand(async () => {
  const { values, data } = readOptions(process.argv.slice(2), USAGE, 0, {
    json: { type: "boolean", default: false },
    gateways: { type: "string", default: "3" },
  });
  const gateways = wholeNumber("--gateways", values.gateways, 1, MAX_GATEWAYS);
  const { findings: settings, strict, tlsCert } = lookAtSettings();
  useStores(findJoined(data) ?? {});
  // A wrong address is named by the settings.
  const stores = { ...GIVEN, ...readableStores(), ...readRunner(data)?.backends };
  const ownPids = recordedPids(data);
  const found = await lookAtStores({ ...stores, migrates: true, gateways, ownPids });
  const all = [
    ...programFindings(),
    ...settings,
    ...found,
    ...(refusals([...settings, ...found]).length > 0 ? [] : await clusterOf(data, stores)),
    ...machineFindings(readMachine(data), clusterBytes(gateways)),
    ...certificateFindings(tlsCert),
  ];
  const findings = strict ? strictly(all) : all;
  const lines = values.json
    ? [JSON.stringify({ findings })]
    : findings.map((finding) => `${MARKS[finding.kind]}  ${lineOfFinding(finding)}`);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (refusals(findings).length > 0) process.exitCode = 1;
});

/** Only of a cluster whose stores are given or run. */
async function clusterOf(
  data: string,
  { redisUrl, databaseUrl, keyPrefix }: typeof GIVEN,
): Promise<Finding[]> {
  if (redisUrl === undefined || databaseUrl === undefined) return [];
  return [await lookAtMembership({ redisUrl, databaseUrl, keyPrefix, jwtKey: findSigningKey(data) })];
}

function lookAtSettings(): { findings: Finding[] } & Pick<Config, "strict" | "tlsCert"> {
  try {
    const { strict, tlsCert } = readSettings();
    return { findings: [], strict, tlsCert };
  } catch (error) {
    const [, ...lines] = (error as Error).message.split("\n");
    return {
      findings: lines.map((line) => ({ kind: "refuses", about: "settings", says: line.trim() })),
      strict: false,
      tlsCert: "",
    };
  }
}
