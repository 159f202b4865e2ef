/** A copy of this repository that may be broken without harm. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../infra/local/cli/options.ts";
import { Problem } from "../../infra/local/cli/problem.ts";
import type { Breakage } from "./breakage.ts";

export type Copy = {
  folder: string;
  /** Does `work` while the copy has this fault. @throws Problem when `find` does not occur exactly once. */
  whileBroken<T>(breakage: Breakage, work: () => Promise<T>): Promise<T>;
  remove(): void;
};

const ONE = { what: "", seenBy: [] };
const NEEDED_DOT_FILES = [".bin", ".package-lock.json"];

/** @returns a new folder with every file that git has or would take, as it is now. */
export function copyRepository(): Copy {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "suda-breakages-")));
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const paths = execFileSync("git", list, { cwd: ROOT, encoding: "utf8" }).split("\0");
  for (const path of paths) {
    // With their times: `ensure-packages` would take a younger lock file for a reason to install.
    if (path !== "" && existsSync(join(ROOT, path)))
      cpSync(join(ROOT, path), join(folder, path), { preserveTimestamps: true });
  }
  linkPackages(join(folder, "node_modules"));

  return {
    folder,
    async whileBroken({ file, find, replace, also }, work) {
      if (also)
        return this.whileBroken({ ...ONE, ...also }, () =>
          this.whileBroken({ ...ONE, file, find, replace }, work),
        );
      const path = join(folder, file);
      const whole = readFileSync(path, "utf8");
      const { atime, mtime } = statSync(path);
      const [before, after, ...more] = whole.split(find);
      if (before === undefined || after === undefined || more.length > 0)
        throw new Problem(`${file}: this does not occur exactly once: ${find}`);
      writeFileSync(path, `${before}${replace}${after}`);
      try {
        return await work();
      } finally {
        writeFileSync(path, whole);
        utimesSync(path, atime, mtime);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * A folder of its own with a link to each package. One link to the whole folder would be quicker, and whatever installed
 * packages in the copy would then empty the original.
 */
function linkPackages(to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".") || NEEDED_DOT_FILES.includes(name))
      symlinkSync(join(ROOT, "node_modules", name), join(to, name));
  }
}
