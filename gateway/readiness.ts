/**
 * Whether this gateway should get new clients, and the reasons if not. Owns the state only; start-up.ts and the
 * heartbeat set it.
 */

export type Readiness = ReturnType<typeof createReadiness>;

export function createReadiness() {
  let state: "starting" | "serving" | "draining" = "starting";
  let redisAnswers = true;
  let isBusHealthy = true;
  return {
    get stopped(): boolean {
      return state === "draining";
    },
    serving: (): void => {
      if (state === "starting") state = "serving";
    },
    draining: (): void => {
      state = "draining";
    },
    redis: (answers: boolean): void => {
      redisAnswers = answers;
    },
    bus: (healthy: boolean): void => {
      isBusHealthy = healthy;
    },
    /** @returns the reasons against new clients; empty when there are none. */
    reasons: (): string[] => [
      ...(state === "serving" ? [] : [state]),
      ...(redisAnswers ? [] : ["redis does not answer"]),
      ...(isBusHealthy ? [] : ["the bus is broken"]),
    ],
  };
}
