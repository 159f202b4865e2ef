/** The commands of a cluster (`npm run status`, `scale`, `mint` ...), run without npm. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(import.meta.dirname, "../..");
export type Minted = { user: { id: string; nickname: string; role: string }; accessToken: string };

/** @returns the arguments for Node that run a module of the repository. */
export type ProgramOf = (module: string) => string[] | Promise<string[]>;
export const sourcesOf =
  (release: string): ProgramOf =>
  (module) => [join(release, module)];

const run = promisify(execFile);

/** `data`: folder of the cluster; the default one when absent. `release`: the folder of another release. */
type CommandOptions = { data?: string | undefined; release?: string; programOf?: ProgramOf };

/**
 * @returns its output. @throws Error with its standard error output, if there is any.
 */
export async function runCommand(
  name: string,
  words: string[],
  { data, release = ROOT, programOf = sourcesOf(release) }: CommandOptions = {},
): Promise<string> {
  const program = await programOf(`infra/local/${name}.ts`);
  const where = data === undefined ? [] : ["--data", data];
  try {
    const options = { cwd: release, maxBuffer: 1 << 28 };
    return (await run(process.execPath, [...program, ...words, ...where], options)).stdout;
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new Error(stderr.trim() || message, { cause: error });
  }
}

/** Users with a token each, made without hashing a password. */
export async function mintUsers(
  data: string | undefined,
  count: number,
  how: Omit<CommandOptions, "data"> = {},
): Promise<Minted[]> {
  const output = await runCommand("mint", ["--count", String(count)], { ...how, data });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Minted);
}
