/** An error that a person has to fix: only its message, one clear line, is printed. */
export class Problem extends Error {
  override name = "Problem";
}

/** A request for the usage of a command. Not an error; the command does nothing else. */
export class HelpAsked extends Error {
  /** @param usage the text to print. */
  constructor(usage: string) {
    super(usage);
    this.name = "HelpAsked";
  }
}

const SYSTEM: Record<string, string> = {
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "no such file or folder",
  ENAMETOOLONG: "the name is too long",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "a file is in the way",
  EADDRINUSE: "the port is taken",
  EMFILE: "too many open files (see ulimit -n)",
};

/** The line to print for any error, with its causes, so that a time-out does not hide the reason. */
export function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : SYSTEM[code];
  if (known) return path ? `${path}: ${known}` : `${known} (${error.message})`;
  const cause = error instanceof Problem || error.cause === undefined ? "" : ` (${lineOf(error.cause)})`;
  return `${error.message}${cause}`;
}

/** Runs a command. An error becomes one line on standard error and exit code 1; a request for help prints the usage. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (error instanceof HelpAsked) return void process.stdout.write(`${error.message}\n`);
    process.stderr.write(`${lineOf(error)}\n`);
    process.exitCode = 1;
  }
}
