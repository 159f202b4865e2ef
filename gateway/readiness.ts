/** Whether this gateway should get new clients, and if not, why. Owns the state only; start-up.ts and the heartbeat set it. */

export type Readiness = ReturnType<typeof createReadiness>;

export function createReadiness() {
  let state: "starting" | "serving" | "draining" = "starting";
  let redisAnswers = true;
  let busWhole = true;
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
    bus: (whole: boolean): void => {
      busWhole = whole;
    },
    /** Why the gateway should get no new clients; empty when it should. */
    reasons: (): string[] => [
      ...(state === "serving" ? [] : [state]),
      ...(redisAnswers ? [] : ["redis does not answer"]),
      ...(busWhole ? [] : ["the bus is broken"]),
    ],
  };
}
