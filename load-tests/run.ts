/**
 * `npm run load -- [--data DIR] [--vus N] [--seconds N] [--pace SECONDS] [--room NAME] [-- k6 options]` The k6 scenario
 * against a running cluster. Exit code 99, that of k6, if a threshold was missed, also if too little was sent,
 * acknowledged or received to prove anything; 1 if the run could not begin.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LOBBY } from "../shared/limits.ts";
import { findCluster } from "./cluster.ts";
import { requireRoom } from "./history.ts";
import { aboveZero, wholeFromOne } from "./options.ts";
import { mintUsers, ROOT } from "./support/commands.ts";
import { findGoProgram } from "./support/go-program.ts";
import { TOOLS } from "./support/tools.ts";

const K6 = {
  name: "k6",
  module: "go.k6.io/k6/v2",
  version: "v2.2.0",
  how: "https://grafana.com/docs/k6/latest/set-up/install-k6/, or install Go and try again",
};

function readPlan() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: "string" },
      vus: { type: "string", default: "20" },
      seconds: { type: "string", default: "30" },
      pace: { type: "string", default: "2" },
      room: { type: "string", default: LOBBY },
    },
  });
  const plan = {
    ...{ data: values.data, room: values.room, positionals },
    vus: wholeFromOne("vus", values.vus),
    seconds: wholeFromOne("seconds", values.seconds),
    pace: aboveZero("pace", values.pace),
  };
  if (plan.pace >= plan.seconds) throw new Error("--pace: shorter than --seconds, or nobody says anything");
  return plan;
}

async function load(): Promise<number> {
  const { data, room, vus, seconds, pace, positionals } = readPlan();
  const { url } = await findCluster(data);
  await requireRoom(url, room);
  const k6 = findGoProgram(K6, TOOLS, (line) => process.stdout.write(`${line}\n`));
  const folder = await mkdtemp(join(tmpdir(), "suda-k6-"));
  try {
    const tokens = join(folder, "tokens.jsonl");
    const users = await mintUsers(data, vus);
    await writeFile(tokens, users.map((user) => JSON.stringify(user)).join("\n"), { mode: 0o600 });
    const settings = {
      BASE_URL: url,
      TOKENS: tokens,
      VUS: vus,
      DURATION_S: seconds,
      PACE_S: pace,
      ROOM: room,
    };
    const given = Object.entries(settings).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    return await run(k6, ["run", ...given, ...positionals, join(ROOT, "load-tests/k6/chat.ts")]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function run(program: string, args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit" });
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

try {
  process.exitCode = await load();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
