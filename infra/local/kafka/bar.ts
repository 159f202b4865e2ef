/** A progress bar on a terminal; elsewhere a line now and then. */
import { createProgress } from "../../../worker/exchange/progress.ts";

const CELLS = 30;
const REDRAW_MS = 200;
const clock = (): number => performance.now();

/** @param what the unit that is counted, such as `events`. */
export function createBar(what: string, out: Pick<NodeJS.WriteStream, "write" | "isTTY">) {
  let share = 0;
  const draw = (line: string): void => {
    const full = Math.round(share * CELLS);
    out.write(`\r\x1b[K[${"=".repeat(full)}${" ".repeat(CELLS - full)}] ${line}`);
  };
  const print = (line: string): void => void out.write(`${line}\n`);
  const begun = { count: 0, share: 0 };
  const progress = out.isTTY
    ? createProgress(what, draw, begun, clock, REDRAW_MS)
    : createProgress(what, print);
  return {
    tell(count: number, reached: number): void {
      share = reached;
      progress.tell({ count, share });
    },
    end(count: number): void {
      progress.end({ count });
      if (out.isTTY) out.write("\n");
    },
  };
}
