/** The programs that npm cannot bring: installed with apt-get where that is possible, else named in one line. */
import { spawn } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Problem } from "./problem.ts";
import { REDIS_PROGRAMS } from "./redis.ts";
import { findProgram } from "./tether.ts";

/** `present`: undefined for packages without a program of their own. */
type Need = { debian: string; brew: string; present: () => boolean };

const program = (debian: string, brew: string, ...names: string[]): Need => ({
  debian,
  brew,
  present: () => findProgram(...names) !== undefined,
});
const font = (debian: string, folder: string): Need => ({
  debian,
  brew: debian,
  present: () => existsSync(folder),
});

export const NEEDS = {
  redis: program("redis-server", "redis", ...REDIS_PROGRAMS),
  nginx: program("nginx-light", "nginx", "nginx"),
  browser: program("chromium", "chromium", "chromium", "chromium-browser", "google-chrome"),
  hangul: font("fonts-noto-cjk", "/usr/share/fonts/opentype/noto"),
  emoji: font("fonts-noto-color-emoji", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"),
} satisfies Record<string, Need>;

/** The one line that installs these. */
export function installLine(needs: Need[]): string {
  return findProgram("apt-get")
    ? `sudo apt-get install -y ${needs.map(({ debian }) => debian).join(" ")}`
    : `brew install ${needs.map(({ brew }) => brew).join(" ")}`;
}

/**
 * Installs what is missing when it may.
 * @throws Problem with the line that would install it otherwise.
 */
export async function requirePrograms(needs: Need[], say: (line: string) => void): Promise<void> {
  const missing = needs.filter(({ present }) => !present());
  if (missing.length === 0) return;
  const apt = findProgram("apt-get");
  if (!apt || process.getuid?.() !== 0)
    throw new Problem(`Missing programs. Install them with: ${installLine(missing)}`);
  const names = missing.map(({ debian }) => debian);
  say(`Installing ${names.join(", ")} with apt-get`);
  await withoutServices(async () => {
    await aptGet(apt, ["update"], say);
    await aptGet(apt, ["install", "-y", "--no-install-recommends", ...names], say);
  });
  const still = missing.filter(({ present }) => !present());
  if (still.length > 0) throw new Problem(`Still missing after apt-get. Try: ${installLine(still)}`);
}

/** Debian starts a server when its package is installed; only the program is wanted here. */
async function withoutServices(install: () => Promise<void>): Promise<void> {
  const policy = "/usr/sbin/policy-rc.d";
  if (existsSync(policy)) return install();
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await install();
  } finally {
    rmSync(policy, { force: true });
  }
}

async function aptGet(apt: string, args: string[], say: (line: string) => void): Promise<void> {
  const child = spawn(apt, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      DEBIAN_FRONTEND: "noninteractive",
    },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const complaints: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    if (/^(Get:\d+ .*_|Setting up )/.test(line)) say(`  ${line.trim()}`);
  });
  createInterface(child.stderr).on("line", (line) => complaints.push(line));
  if ((await ended) !== 0)
    throw new Problem(
      `apt-get ${args[0]} failed: ${complaints.at(-1) ?? "no reason given"}. Try again, or as a person.`,
    );
}
