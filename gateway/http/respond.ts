/**
 * Between uWebSockets.js and the handlers: checks origins, writes answers and refusals. The only place that writes a
 * response.
 */

import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { STATUS_CODES } from "node:http";
import type { Log } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { createOriginCheck, type Page } from "../origin.ts";
import { corsHeaders } from "./cors.ts";
import { type Answer, type Call, type Handler, readCall } from "./request.ts";
import { refusal } from "./response.ts";

const READING = new Set(["get", "head", "options"]);
/** An outage fails every request: one log line during this time is enough. */
const LOG_OUTAGE_MS = 5_000;

export type ResponderDeps = {
  /** Origins that are answered across origins. */
  origins: readonly string[];
  /** Whether a page may act for its user. */
  mayAct: (page: Page) => boolean;
  log: Log;
  onInternalError: ReportInternalError;
};

/** @param origins origins besides the own one that may act for their user. */
export const openResponder = (
  origins: readonly string[],
  log: Log,
  onInternalError: ReportInternalError,
): ResponderDeps => ({ origins, mayAct: createOriginCheck(origins, log), log, onInternalError });

/** Turns handlers into callbacks of uWebSockets.js. An error of a handler ends that one request and nothing else. */
export function createResponder({ origins, mayAct, log, onInternalError }: ResponderDeps) {
  let loggedOutageAt = Number.NEGATIVE_INFINITY;

  /** @param query names that the handler may read of the query; others are ignored. */
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
        // No answer can be written any more: closes the request's connection.
        onInternalError(error, "request");
        if (!gone) res.close();
      }
    };

  async function settle(handler: Handler, call: Call): Promise<Answer> {
    try {
      if (!READING.has(call.method) && !mayAct(call.headers)) throw new Refusal("forbidden");
      return await handler(call);
    } catch (error) {
      return refuse(error, call);
    }
  }

  /** Answers a refusal by its code, an outage as `unavailable`, and a bug without detail, logged under an id. */
  function refuse(error: unknown, { path, method }: Call): Answer {
    if (error instanceof Refusal) return refusal(error);
    if (!(error instanceof Unavailable)) {
      const requestId = onInternalError(error, "request", { method, path });
      return refusal(new Refusal("internal", { requestId }));
    }
    if (performance.now() - loggedOutageAt > LOG_OUTAGE_MS) {
      loggedOutageAt = performance.now();
      log.warn({ err: error, path }, "a request failed for an outage");
    }
    return refusal(new Refusal("unavailable"));
  }
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
