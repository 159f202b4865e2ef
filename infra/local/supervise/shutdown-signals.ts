/** Merges all requests to shut the runner down: signals, a closed terminal, the end of npm. */
import { STARTED_BY_NPM } from "../cli/environment.ts";

/** A terminal and npm both pass on one Ctrl-C, so a second signal within this time is the same request. */
const DUPLICATE_MS = 400;
const PARENT_POLL_MS = 500;

/**
 * Calls `first` at the first request, `second` at the next one.
 * @returns a function that tells whether there was a request.
 */
export function onShutdownSignal({
  first,
  second,
}: {
  first(reason: string): void;
  second(): void;
}): () => boolean {
  let firstAt: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => request(signal));
  if (STARTED_BY_NPM) watchParent(() => request("npm ended"));
  return () => firstAt !== undefined;

  function request(reason: string): void {
    if (firstAt === undefined) {
      firstAt = performance.now();
      first(reason);
    } else if (performance.now() - firstAt > DUPLICATE_MS) second();
  }
}

/** npm passes on no SIGHUP, and nothing when it is killed; its script then gets another parent. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_POLL_MS);
  timer.unref();
}
