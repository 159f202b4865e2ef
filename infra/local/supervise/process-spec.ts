/** A part is one process of the cluster: how it is run, how one knows that it serves, how it is asked to leave. */
import type { Command } from "./die-with-parent.ts";

export type Part = {
  readonly name: string;
  /** As of its last start. */
  readonly port: number;
  command(): Command | Promise<Command>;
  /** Asked for at each start, after `command`. */
  env?(): NodeJS.ProcessEnv;
  /** Has standard input that ends with the runner. */
  readonly tied?: boolean;
  /** Does it serve? */
  ready(): Promise<boolean>;
  /** Does it live? One that does not answer for `HANG_MS` is killed. Parts without this are watched by their end only. */
  alive?(): Promise<boolean>;
  readonly stopSignal: NodeJS.Signals;
  /** Time to leave before it is killed. */
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
