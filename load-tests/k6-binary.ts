/** Finds k6 in the PATH or in the cache, or builds it with Go; otherwise one line explains how to get it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const VERSION = "v2.2.0";
const MODULE = "go.k6.io/k6/v2";
const HOW = "https://grafana.com/docs/k6/latest/set-up/install-k6/, or install Go and try again";

/**
 * @param tools cache folder for what is built. @param say called before the build, which takes minutes.
 * @throws Error with the line that explains how to get k6.
 */
export function findK6(tools: string, say: (line: string) => void): string {
  if (works("k6")) return "k6";
  const cached = join(tools, "k6");
  if (existsSync(cached) && works(cached)) return cached;
  if (!works("go")) throw new Error(`k6 is missing: ${HOW}`);
  say(`Building k6 ${VERSION} with Go, once: this takes some minutes`);
  build(tools, cached);
  return cached;
}

const works = (program: string): boolean => spawnSync(program, ["version"], { stdio: "ignore" }).status === 0;

/** Builds in a new module: unlike `go install`, that needs only the module proxy, not the module's own host. */
function build(tools: string, binary: string): void {
  const folder = join(tools, "k6-build");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), `module build\n\nrequire ${MODULE} ${VERSION}\n`);
  writeFileSync(join(folder, "needs.go"), `package build\n\nimport _ "${MODULE}"\n`);
  const { status } = spawnSync("go", ["build", "-mod=mod", "-o", binary, MODULE], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error(`k6 could not be built: ${HOW}`);
}
