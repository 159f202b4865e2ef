/**
 * Whether this gateway should get new clients, and the reasons if not. Owns the state only; start-up.ts and the
 * heartbeat set it.
 */

export type Readiness = ReturnType<typeof createReadiness>;

export function createReadiness() {
  let state: "starting" | "serving" | "draining" = "starting";
  let redisAnswers = true;
  let isBusHealthy = true;
  let waitsFor: string[] = [];
  let causeOfRedis = (): string | undefined => undefined;
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
    /** @param names of what the preflight waits for; addresses are for the log only. */
    waiting: (names: string[]): void => {
      waitsFor = names;
    },
    /** @param cause tells why Redis is away or refuses, without its address. */
    explainRedis: (cause: () => string | undefined): void => {
      causeOfRedis = cause;
    },
    bus: (healthy: boolean): void => {
      isBusHealthy = healthy;
    },
    /** @returns the reasons against new clients; empty when there are none. */
    reasons: (): string[] => [
      ...(state === "serving" ? [] : [state]),
      ...waitsFor.map((name) => `waiting for: ${name}`),
      ...(redisAnswers ? [] : [["redis does not answer", causeOfRedis()].filter(Boolean).join(": ")]),
      ...(isBusHealthy ? [] : ["the bus is broken"]),
    ],
  };
}
