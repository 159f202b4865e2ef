/** Refusals of the HTTP API as errors: domain modules throw them, one place (http/respond.ts) turns them into answers. */
import { PROBLEMS, type ProblemCode } from "../shared/codes.ts";
import type { FieldCode } from "../shared/http-api.ts";

/** Fields that were refused, each with its reason. */
export type FieldProblems = Record<string, FieldCode>;
export type ProblemExtra = {
  detail?: string;
  fields?: FieldProblems;
  retryAfterMs?: number;
  /** Why a session ended; or why somebody is muted or banned, and until when. `until` null: for good. */
  reason?: string;
  until?: number | null;
  requestId?: string;
};

/** The client's fault, or a limit: told by name, never logged as an error. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly extra: ProblemExtra;

  constructor(code: ProblemCode, extra: ProblemExtra = {}) {
    super(PROBLEMS[code].title);
    this.name = "Problem";
    this.code = code;
    this.extra = extra;
  }
}

export const problem = (code: ProblemCode, extra?: ProblemExtra): Problem => new Problem(code, extra);
