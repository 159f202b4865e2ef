/** Polls the health of one managed process and reports changes; its supervisor decides what follows. */
import { setTimeout as delay } from "node:timers/promises";
import { togetherMs } from "../../../shared/server/process/together.ts";
import type { ProcessSpec } from "./process-spec.ts";

/** A process that has answered before hangs when it is silent for this long. */
const HANG_MS = 5_000;
/** A new process may take this long to its first answer. */
const FIRST_ANSWER_MS = 25_000;
const STARTING_POLL_MS = 50;
/** A wait that took this much longer than asked means that this process was suspended, so its clock proves nothing. */
const SUSPENDED_MS = 2_000;

/** Polls until `ended`: often while the process starts, then every `checkEveryMs`. Calls `onHang` at most once, last. */
export async function watchHealth(
  spec: ProcessSpec,
  ended: AbortSignal,
  { onReady, onHang }: { onReady: (ready: boolean) => void; onHang: () => void },
): Promise<void> {
  let patienceMs = FIRST_ANSWER_MS;
  let answeredAt = performance.now();
  let ready = false;
  while (!ended.aborted) {
    // One question is enough while all is well, because a process that serves also answers.
    const alive = ready ? undefined : (spec.alive?.() ?? true);
    ready = await spec.ready();
    const answers = ready || (await alive) === true;
    if (ended.aborted) return;
    onReady(ready);
    if (answers) {
      answeredAt = performance.now();
      patienceMs = HANG_MS;
    } else if (performance.now() - answeredAt > patienceMs) return onHang();
    if (await wasSuspended(ready ? togetherMs(spec.checkEveryMs) : STARTING_POLL_MS, ended))
      answeredAt = performance.now();
  }
}

async function wasSuspended(ms: number, ended: AbortSignal): Promise<boolean> {
  const before = performance.now();
  try {
    await delay(ms, undefined, { signal: ended });
  } catch {
    return false;
  }
  return performance.now() - before > ms + SUSPENDED_MS;
}
