/** Every way in which the runner is told to end, as one. */
import { STARTED_BY_NPM } from "../cli/environment.ts";

/** A terminal and npm both pass on one Ctrl-C; what comes this soon after is the same. */
const SAME_MS = 400;
const PARENT_MS = 500;

/**
 * Calls `first` at the first signal (a closed terminal and the end of npm count), `second` at the next one.
 * @returns whether it was told to end.
 */
export function onLeave({ first, second }: { first(reason: string): void; second(): void }): () => boolean {
  let firstAt: number | undefined;
  const leave = (reason: string): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      first(reason);
    } else if (performance.now() - firstAt > SAME_MS) second();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => leave(signal));
  if (STARTED_BY_NPM) watchParent(() => leave("npm ended"));
  return () => firstAt !== undefined;
}

/** npm passes on no SIGHUP, and nothing at all when it is killed; then its script gets another parent. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_MS);
  timer.unref();
}
