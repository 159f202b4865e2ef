/** The forms of an answer. */
import { PROBLEMS } from "../../shared/codes.ts";
import type { Problem as ProblemBody } from "../../shared/http-api.ts";
import { type Problem, problem } from "../problem.ts";
import type { Answer, AnswerHeaders } from "./request.ts";

export const json = (status: number, body: unknown, headers: AnswerHeaders = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** An answer whose JSON already exists as text. */
export const rawJson = (body: string): Answer => ({ status: 200, body });

export const noContent = (headers: AnswerHeaders = {}): Answer => ({ status: 204, headers });

/** A refusal as problem+json (RFC 9457), with `Retry-After` in whole seconds where it applies. */
export function refusal({ code, extra }: Problem, headers: AnswerHeaders = {}): Answer {
  const body: ProblemBody = { ...PROBLEMS[code], code, ...extra };
  const { retryAfterMs } = extra;
  if (retryAfterMs !== undefined) headers["Retry-After"] = String(Math.ceil(retryAfterMs / 1_000));
  return { ...json(body.status, body, headers), type: "application/problem+json" };
}

export const notFound = (): Answer => refusal(problem("not_found"));

/** @param methods those that the path has. */
export const methodNotAllowed = (methods: readonly string[]): Answer =>
  refusal(problem("method_not_allowed"), { Allow: methods.join(", ") });
