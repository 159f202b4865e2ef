/** Constructors of answers. */
import { problemOf, Refusal } from "../errors.ts";
import type { Answer, AnswerHeaders } from "./request.ts";

export const json = (status: number, body: unknown, headers: AnswerHeaders = {}): Answer => ({
  status,
  headers,
  body: JSON.stringify(body),
});

/** An answer whose JSON exists as text already. */
export const rawJson = (body: string): Answer => ({ status: 200, body });

export const noContent = (headers: AnswerHeaders = {}): Answer => ({ status: 204, headers });

/** A refusal as problem+json (RFC 9457), with `Retry-After` in whole seconds where it applies. */
export function refusal(error: Refusal, headers: AnswerHeaders = {}): Answer {
  const body = problemOf(error);
  const { retryAfterMs } = body;
  if (retryAfterMs !== undefined) headers["Retry-After"] = String(Math.ceil(retryAfterMs / 1_000));
  return { ...json(body.status, body, headers), type: "application/problem+json" };
}

export const notFound = (): Answer => refusal(new Refusal("not_found"));

/** @param methods the methods that the path has. */
export const methodNotAllowed = (methods: readonly string[]): Answer =>
  refusal(new Refusal("method_not_allowed"), { Allow: methods.join(", ") });
