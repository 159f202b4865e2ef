/** The readiness of the worker: at most one reason per part why it cannot work at present, and the health pages. */
import type { Report } from "../shared/server/process/internal-server.ts";

export type Health = ReturnType<typeof createHealth>;

export function createHealth() {
  const reasons = new Map<string, string>();
  const current = (): Record<string, string> => Object.fromEntries(reasons);
  return {
    bad: (part: string, reason: string): void => void reasons.set(part, reason),
    good: (part: string): void => void reasons.delete(part),
    reasons: current,
    /** A worker that waits for PostgreSQL is alive but not ready. */
    pages: {
      "/healthz": (): Report => ({ status: 200, body: { alive: true } }),
      "/readyz": (): Report => {
        const ready = reasons.size === 0;
        return { status: ready ? 200 : 503, body: { ready, reasons: current() } };
      },
    },
  };
}
