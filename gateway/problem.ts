/** Refusals of the HTTP API as errors: domain modules throw them, one place (http/respond.ts) turns them into answers. */
import { PROBLEMS, type ProblemCode } from "../shared/codes.ts";
import type { FieldCode } from "../shared/http-api.ts";

export type ProblemExtra = {
  detail?: string;
  fields?: Record<string, FieldCode>;
  retryAfterMs?: number;
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

/** Fields that were refused, each with its reason; nothing when none was. */
export type FieldProblems = Record<string, FieldCode>;

/** @throws Problem `invalid` naming the fields, when there are any. */
export function refuseFields(fields: FieldProblems): void {
  if (Object.keys(fields).length > 0) throw problem("invalid", { fields });
}
