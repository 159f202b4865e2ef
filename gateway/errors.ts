/**
 * The one error by which the domain refuses: the client's fault, or a limit. Owns the fields of such an error. Its
 * codes stand in shared/codes.ts, and the two transports turn it into an answer (http/respond.ts, ws/dispatch.ts). It
 * is never logged as an error.
 */
import { REFUSALS, type RefusalCode } from "../shared/codes.ts";
import type { FieldCode, Problem } from "../shared/http-api.ts";
import { PROBLEM_TITLES } from "../shared/problem-titles.ts";
import { RETRY_AFTER_MS } from "../shared/server/process/unavailable.ts";

/** The fields that were refused, each with its reason. */
export type FieldProblems = Record<string, FieldCode>;
/** Details of a refusal beside its code, named as in the contract. */
export type RefusalDetails = Omit<Problem, "status" | "code" | "title">;

export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;

  /** `unavailable` always carries the time to retry after. */
  constructor(code: RefusalCode, details: RefusalDetails = {}) {
    // To note where it was made takes longer than all the rest of a refusal, and in an overload most messages are refused.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(code);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "Refusal";
    this.code = code;
    this.details = code === "unavailable" ? { retryAfterMs: RETRY_AFTER_MS, ...details } : details;
  }
}

/** The body of a refusal over HTTP: problem+json of RFC 9457. */
export function problemOf({ code, details }: Refusal): Problem {
  return { status: REFUSALS[code].status, title: PROBLEM_TITLES[code], code, ...details };
}
