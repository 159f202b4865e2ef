/** The refusals by nginx itself, in the form of those of gateways. */
import { type ProblemCode, REFUSALS } from "../../shared/codes.ts";
import { PROBLEM_TITLES } from "../../shared/problem-titles.ts";

const CODES = [
  "invalid",
  "not_found",
  "method_not_allowed",
  "too_large",
  "too_many_attempts",
  "unavailable",
] as const satisfies ProblemCode[];

/** nginx answers in place of a gateway. Not an `@name`, because that fails for requests with an unreadable path. */
function problemLocation(code: ProblemCode): string {
  const { status } = REFUSALS[code];
  const body = {
    status,
    title: PROBLEM_TITLES[code],
    code,
    ...(status === 429 || status === 503 ? { retryAfterMs: 1_000 } : {}),
  };
  return [
    `    location = /_problems/${code} {`,
    "      internal;",
    "      default_type application/problem+json;",
    `      return ${status} '${JSON.stringify(body)}';`,
    "    }",
  ].join("\n");
}

/** A location for each, to which `error_page` points. */
export const PROBLEM_LOCATIONS = CODES.map(problemLocation).join("\n\n");
