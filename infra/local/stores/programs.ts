/** The programs that npm cannot install: installed with apt-get where possible, else named in one line for a person. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { childEnvironment } from "../cli/environment.ts";
import { Problem } from "../cli/problem.ts";
import { findProgram } from "../supervise/die-with-parent.ts";
import { REDIS_PROGRAMS } from "./redis.ts";

/** The folders of Debian's package tools, which a script's PATH may lack. */
const INSTALL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** Lines of apt-get that name a package being fetched or set up. */
const PROGRESS = /^(?:Get:\d+ \S+ \S+\/\S+ \S+ (\S+) \S+ \S+ \[|Setting up (\S+))/;

/** A program or font, by its names in package managers. */
export type Need = { debian: string; brew: string; present: () => boolean };

const program = (debian: string, brew: string, ...names: string[]): Need => ({
  debian,
  brew,
  present: () => findProgram(...names) !== undefined,
});
/** Systems other than Linux come with fonts for every script. */
const font = (debian: string, folder: string): Need => ({
  debian,
  brew: debian,
  present: () => process.platform !== "linux" || existsSync(folder),
});

/** Chromium without its windows, a package that only Debian has. */
const headless: Need = {
  debian: "chromium-headless-shell",
  brew: "chromium",
  present: () => !isDebian() || findProgram("chromium-headless-shell") !== undefined,
};

export const NEEDS = {
  redis: program("redis-server", "redis", ...REDIS_PROGRAMS),
  nginx: program("nginx-light", "nginx", "nginx"),
  browser: program("chromium", "chromium", "chromium", "chromium-browser", "google-chrome"),
  headless,
  certificates: program("openssl", "openssl", "openssl"),
  hangul: font("fonts-noto-cjk", "/usr/share/fonts/opentype/noto"),
  emoji: font("fonts-noto-color-emoji", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"),
} satisfies Record<string, Need>;

/** Browsers of other engines, and a screen for the one that needs a window. Tests leave out what is missing. */
export const WISHES = {
  firefox: program("firefox-esr", "firefox", "firefox-esr", "firefox"),
  webkit: program("webkit2gtk-driver", "webkitgtk", "WebKitWebDriver"),
  display: program("xvfb", "xvfb", "Xvfb"),
} satisfies Record<string, Need>;

/** A Kafka on this machine needs these, and its tests are left out without them. */
export const KAFKA_NEEDS = {
  java: program("default-jre-headless", "openjdk", "java"),
  maven: program("maven", "maven", "mvn"),
} satisfies Record<string, Need>;

function isDebian(): boolean {
  const release = "/etc/os-release";
  return existsSync(release) && /^ID=debian$/m.test(readFileSync(release, "utf8"));
}

/** The shell command that installs these. */
export function installLine(needs: Need[]): string {
  return findProgram("apt-get")
    ? `sudo apt-get install -y ${needs.map(({ debian }) => debian).join(" ")}`
    : `brew install ${needs.map(({ brew }) => brew).join(" ")}`;
}

/**
 * Installs the missing ones if this process may.
 * @throws Problem with the command that installs them, if it may not or if that failed.
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

/** Keeps Debian from starting a server when its package is installed. */
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
  const child = spawn(apt, ["-o", "DPkg::Lock::Timeout=300", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: childEnvironment({ PATH: INSTALL_PATH, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" }),
  });
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? undefined));
  });
  const errors: string[] = [];
  createInterface(child.stdout).on("line", (line) => {
    const [, fetched, setUp] = PROGRESS.exec(line) ?? [];
    if (fetched) say(`  fetching ${fetched}`);
    if (setUp) say(`  setting up ${setUp}`);
  });
  createInterface(child.stderr).on("line", (line) => errors.push(line));
  if ((await ended) !== 0)
    throw new Problem(`apt-get ${args[0]} failed: ${errors.at(-1) ?? "no reason given"}`);
}
