/** Between uWebSockets.js and the handlers: origins in, answers and refusals out. The only place that writes a response. */

import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { STATUS_CODES } from "node:http";
import { PROBLEMS, type ProblemCode } from "../../shared/codes.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { isOutage, RETRY_AFTER_MS } from "../../shared/server/process/unavailable.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { isAllowedOrigin } from "../origin.ts";
import { Problem, problem } from "../problem.ts";
import { Refused } from "../refused.ts";
import { corsHeaders } from "./cors.ts";
import { type Answer, type Call, type Handler, readCall } from "./request.ts";
import { refusal } from "./response.ts";

const READING = new Set(["get", "head", "options"]);
/** An outage fails every request: one line in so many milliseconds tells enough. */
const TELL_OUTAGE_MS = 5_000;

/** What rooms and users refuse, to sockets and requests alike, mostly has the same name here. */
const isProblem = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);
const problemOf = (code: ProblemCode, { retryAfterMs }: Refused): Problem => {
  const waitMs = retryAfterMs ?? (code === "unavailable" ? RETRY_AFTER_MS : undefined);
  return problem(code, waitMs === undefined ? {} : { retryAfterMs: waitMs });
};

export type ResponderDeps = { origins: readonly string[]; log: Log; onInternalError: ReportInternalError };

/** Turns handlers into what the app can register. Whatever a handler throws ends this one request and nothing else. */
export function createResponder({ origins, log, onInternalError }: ResponderDeps) {
  let toldOutage = Number.NEGATIVE_INFINITY;

  const unavailable = (): Answer => refusal(problem("unavailable", { retryAfterMs: RETRY_AFTER_MS }));

  /** The client's fault is named, the world's fault is retryable, ours is answered without detail and noted under an id. */
  const refuse = (error: unknown, { path, method }: Call): Answer => {
    if (error instanceof Problem) return refusal(error);
    if (error instanceof Refused && isProblem(error.code)) return refusal(problemOf(error.code, error));
    if (!isOutage(error))
      return refusal(problem("internal", { requestId: onInternalError(error, "request", { method, path }) }));
    if (performance.now() - toldOutage > TELL_OUTAGE_MS) {
      toldOutage = performance.now();
      log.warn({ err: error, path }, "a request failed for an outage");
    }
    return unavailable();
  };

  const settle = async (handler: Handler, call: Call): Promise<Answer> => {
    try {
      if (!READING.has(call.method) && !isAllowedOrigin(call.headers, origins)) throw problem("forbidden");
      return await handler(call);
    } catch (error) {
      return refuse(error, call);
    }
  };

  /** @param query names that the handler may read of the query; what else it holds is ignored. */
  return (handler: Handler, query: readonly string[] = []) =>
    async (res: HttpResponse, req: HttpRequest): Promise<void> => {
      let gone = false;
      res.onAborted(() => {
        gone = true;
      });
      try {
        const call = readCall(res, req, query);
        const answer = await settle(handler, call);
        if (gone) return;
        const cors = corsHeaders(call.headers.origin, origins);
        write(res, { ...answer, headers: { ...cors, ...answer.headers } }, call.method === "head");
      } catch (error) {
        // Nothing can be answered any more: the request's own connection ends.
        onInternalError(error, "request");
        if (!gone) res.close();
      }
    };
}

function write(res: HttpResponse, { status, headers, body, type }: Answer, bodyless: boolean): void {
  res.cork(() => {
    res.writeStatus(`${status} ${STATUS_CODES[status] ?? ""}`);
    res.writeHeader("Cache-Control", "no-store");
    for (const [name, values] of Object.entries(headers ?? {})) {
      for (const value of [values].flat()) res.writeHeader(name, value);
    }
    if (body === undefined) {
      res.endWithoutBody();
      return;
    }
    res.writeHeader("Content-Type", type ?? "application/json");
    if (bodyless) res.endWithoutBody(Buffer.byteLength(body));
    else res.end(body);
  });
}
