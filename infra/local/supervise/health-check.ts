import { setTimeout as delay } from "node:timers/promises";
import type { Part } from "./process-spec.ts";

/** Silent for so long, a process that has answered before hangs. */
const HANG_MS = 5_000;
/** A fresh process may take this long to its first answer. */
const FIRST_ANSWER_MS = 25_000;
const EAGER_MS = 50;
/** Woken later than this, it was the watcher that slept, and it must not judge others by its own clock. */
const OVERSLEPT_MS = 2_000;

/** Asks a part how it is until `ended`: often while it starts, then at its own pace. */
export async function watch(
  part: Part,
  ended: AbortSignal,
  { onReady, onHang }: { onReady: (ready: boolean) => void; onHang: () => void },
): Promise<void> {
  let patienceMs = FIRST_ANSWER_MS;
  let answeredAt = performance.now();
  let ready = false;
  while (!ended.aborted) {
    const [alive, nowReady] = await Promise.all([part.alive?.() ?? true, part.ready()]);
    if (ended.aborted) return;
    ready = nowReady;
    onReady(ready);
    if (alive) {
      answeredAt = performance.now();
      patienceMs = HANG_MS;
    } else if (performance.now() - answeredAt > patienceMs) return onHang();
    if (await overslept(ready ? part.checkEveryMs : EAGER_MS, ended)) answeredAt = performance.now();
  }
}

async function overslept(ms: number, ended: AbortSignal): Promise<boolean> {
  const before = performance.now();
  try {
    await delay(ms, undefined, { signal: ended });
  } catch {
    return false;
  }
  return performance.now() - before > ms + OVERSLEPT_MS;
}
