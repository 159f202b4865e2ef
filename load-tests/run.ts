/**
 * `npm run load -- [--data DIR] [--vus N] [--seconds N] [--pace SECONDS] [--room NAME] [-- k6 options]`
 * The k6 scenario against a running cluster. Exit code 99 when a threshold was missed, as k6 has it.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findCluster, mintUsers, ROOT } from "./cluster.ts";
import { findK6 } from "./k6-binary.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: "string" },
    vus: { type: "string", default: "20" },
    seconds: { type: "string", default: "30" },
    pace: { type: "string", default: "2" },
    room: { type: "string", default: "lobby" },
  },
});

async function load(): Promise<number> {
  const k6 = findK6(join(ROOT, ".suda", "tools"), (line) => process.stdout.write(`${line}\n`));
  const { url } = await findCluster(values.data);
  const folder = await mkdtemp(join(tmpdir(), "suda-k6-"));
  try {
    const tokens = join(folder, "tokens.jsonl");
    const users = await mintUsers(values.data, Number(values.vus));
    await writeFile(tokens, users.map((user) => JSON.stringify(user)).join("\n"), { mode: 0o600 });
    const settings = {
      BASE_URL: url,
      TOKENS: tokens,
      VUS: values.vus,
      DURATION_S: values.seconds,
      PACE_S: values.pace,
      ROOM: values.room,
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
