/** A copy of this repository for mutants. */
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
import { createLocator } from "./locate.ts";
import type { Change, Mutant } from "./mutant.ts";

export type Copy = {
  folder: string;
  /** Runs `work` while the copy is this mutant. @throws Problem if `find` does not occur exactly once. */
  whileMutated<T>(mutant: Mutant, work: () => Promise<T>): Promise<T>;
  remove(): void;
};

const NEEDED_DOT_FILES = [".bin", ".package-lock.json"];

/** @returns a new folder with the present content of every file that git tracks or would add. */
export function copyRepository(): Copy {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "suda-mutants-")));
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const paths = execFileSync("git", list, { cwd: ROOT, encoding: "utf8" }).split("\0");
  for (const path of paths) {
    // Keeps the times, because a younger lock file would make `ensure-packages` install.
    if (path !== "" && existsSync(join(ROOT, path)))
      cpSync(join(ROOT, path), join(folder, path), { preserveTimestamps: true });
  }
  linkPackages(join(folder, "node_modules"));

  const fileOf = createLocator();

  return {
    folder,
    whileMutated: (mutant, work) =>
      whileChanged(mutant, () => (mutant.also ? whileChanged(mutant.also, work) : work())),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  async function whileChanged<T>({ place, find, replace }: Change, work: () => Promise<T>): Promise<T> {
    const file = fileOf(place);
    const path = join(folder, file);
    const text = readFileSync(path, "utf8");
    const { atime, mtime } = statSync(path);
    const [before, after, ...more] = text.split(find);
    if (before === undefined || after === undefined || more.length > 0)
      throw new Problem(`${file}: this does not occur exactly once: ${find}`);
    writeFileSync(path, `${before}${replace}${after}`);
    try {
      return await work();
    } finally {
      writeFileSync(path, text);
      utimesSync(path, atime, mtime);
    }
  }
}

/**
 * Makes a folder with a link to each package. One link to the whole folder would be quicker, but an install in the copy
 * would then empty the original.
 */
function linkPackages(to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".") || NEEDED_DOT_FILES.includes(name))
      symlinkSync(join(ROOT, "node_modules", name), join(to, name));
  }
}
