/** Liveness and readiness: for the supervisor of the gateways and for nginx. */
import { Refusal } from "../../errors.ts";
import type { Answer } from "../request.ts";
import { json, refusal } from "../response.ts";

/** @param notReady reasons why the gateway cannot serve; empty when it can. */
export function healthRoutes(notReady: () => string[]) {
  return {
    lives: (): Answer => json(200, { alive: true }),
    ready(): Answer {
      const reasons = notReady();
      if (reasons.length === 0) return json(200, { ready: true });
      return refusal(new Refusal("unavailable", { detail: `Not ready: ${reasons.join(", ")}` }));
    },
  };
}
