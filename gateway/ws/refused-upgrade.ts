/** Refusals of an upgrade, in the form of the API's refusals: there is no socket yet that could be closed with a code. */
import type { HttpResponse } from "uWebSockets.js";
import { STATUS_CODES } from "node:http";
import type { Problem } from "../../shared/http-api.ts";
import { problemOf, Refusal } from "../errors.ts";

/** The only version of RFC 6455. Earlier drafts differ on the wire. */
export const WEBSOCKET_VERSION = "13";

export function refuseUpgrade(res: HttpResponse, refusal: Refusal): void {
  const problem = problemOf(refusal);
  const { retryAfterMs } = problem;
  write(
    res,
    problem,
    retryAfterMs === undefined ? {} : { "Retry-After": `${Math.ceil(retryAfterMs / 1_000)}` },
  );
}

/** Refuses with the version that is understood, as RFC 6455 asks for. */
export function refuseVersion(res: HttpResponse): void {
  const detail = `Only version ${WEBSOCKET_VERSION} of WebSocket`;
  const problem = { ...problemOf(new Refusal("invalid", { detail })), status: 426 };
  write(res, problem, { Upgrade: "websocket", "Sec-WebSocket-Version": WEBSOCKET_VERSION });
}

function write(res: HttpResponse, problem: Problem, headers: Record<string, string>): void {
  res.writeStatus(`${problem.status} ${STATUS_CODES[problem.status] ?? ""}`);
  res.writeHeader("Cache-Control", "no-store");
  for (const [name, value] of Object.entries(headers)) res.writeHeader(name, value);
  res.writeHeader("Content-Type", "application/problem+json").end(JSON.stringify(problem));
}
