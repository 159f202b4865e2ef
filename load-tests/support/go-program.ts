/** Finds a program written in Go in the PATH or in the cache, or builds it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type GoProgram = { name: string; module: string; version: string; how: string };

/**
 * @param tools cache folder for what is built. @param say called before the build, which takes minutes.
 * @throws Error with the line that explains how to get it.
 */
export function findGoProgram(program: GoProgram, tools: string, say: (line: string) => void): string {
  const { name, version, how } = program;
  if (works(name)) return name;
  const cached = join(tools, name);
  if (existsSync(cached) && works(cached)) return cached;
  if (!works("go")) throw new Error(`${name} is missing: ${how}`);
  say(`Building ${name} ${version} with Go, once: this takes some minutes`);
  build(program, tools, cached);
  return cached;
}

const works = (program: string): boolean => spawnSync(program, ["version"], { stdio: "ignore" }).status === 0;

/** Builds in a new module: unlike `go install`, that needs only the module proxy, not the module's own host. */
function build({ name, module, version, how }: GoProgram, tools: string, binary: string): void {
  const folder = join(tools, `${name}-build`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), `module build\n\nrequire ${module} ${version}\n`);
  writeFileSync(join(folder, "needs.go"), `package build\n\nimport _ "${module}"\n`);
  const { status } = spawnSync("go", ["build", "-mod=mod", "-o", binary, module], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`${name} could not be built: ${how}`);
}
