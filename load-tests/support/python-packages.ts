/** A virtual environment with packages from PyPI, made once. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * @param folder of the environment. @param packages each with its version.
 * @param say called before the installation. @returns its Python. @throws Error with the reason when it cannot be had.
 */
export function findPython(folder: string, packages: readonly string[], say: (line: string) => void): string {
  const python = join(folder, "bin/python");
  if (existsSync(python)) return python;
  say(`Installing ${packages.join(", ")} with pip, once`);
  const made = run("python3", ["-m", "venv", folder]);
  const installed =
    made && run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
  if (installed) return python;
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`Python 3 with ${packages.join(", ")} is missing: install Python, and let it reach PyPI`);
}

const run = (command: string, args: string[]): boolean =>
  spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
