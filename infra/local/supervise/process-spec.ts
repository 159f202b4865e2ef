/** The specification of a managed process: how it is run, how its health is checked, how it is asked to stop. */
import type { Command } from "./die-with-parent.ts";

export type ProcessSpec = {
  readonly name: string;
  /** As of its last start. */
  readonly port: number;
  command(): Command | Promise<Command>;
  /** Read at each start, after `command`. */
  env?(): NodeJS.ProcessEnv;
  /** Gets a pipe as standard input, and ends when that does: with the runner. */
  readonly diesWithStdin?: boolean;
  /** Does it serve? */
  ready(): Promise<boolean>;
  /** Does it live? After `HANG_MS` without an answer it is killed. Without this function only its exit is noticed. */
  alive?(): Promise<boolean>;
  readonly stopSignal: NodeJS.Signals;
  /** Time between `stopSignal` and SIGKILL. */
  readonly stopWithinMs: number;
  readonly checkEveryMs: number;
};

/** Is the answer to this GET a 200? Anything else, an error included, is a no. */
export async function answers(port: number, path: string): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
