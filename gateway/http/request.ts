/** One HTTP request for handlers. uWebSockets.js lends its request until the first `await`, so everything is copied. */
import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { BODY_MS } from "../../shared/timeouts.ts";
import { Refusal } from "../errors.ts";
import { clientIp } from "../limits/client-ip.ts";
import { type Page, pageOf } from "../origin.ts";
import { type Device, userAgentOf } from "../sessions/device.ts";

/** Far above every body of the contract, far below a size that could hurt. */
const BODY_BYTES = 64 * 1024;

const TOO_SLOW = `A body has ${BODY_MS / 1_000} s`;

export type Call = {
  method: string;
  path: string;
  /** Values of the first and the second `:name` of the route; empty if it has none. */
  parameters: readonly [string, string];
  query: URLSearchParams;
  headers: { authorization: string; contentType: string; cookie: string } & Page;
  device: Device;
  /** @throws Refusal `too_large`, or `invalid` if it came too slowly. Never settles when the client has disconnected, because no answer is possible. */
  body: () => Promise<Uint8Array>;
};

export type Handler = (call: Call) => Answer | Promise<Answer>;
/** An array is sent as several header lines. */
export type AnswerHeaders = Record<string, string | readonly string[]>;
export type Answer = { status: number; headers?: AnswerHeaders; body?: string; type?: string };

export function readCall(res: HttpResponse, req: HttpRequest, names: readonly string[]): Call {
  const method = req.getMethod();
  const bytes = method === "get" || method === "head" ? undefined : readBody(res);
  return {
    method,
    path: req.getUrl(),
    parameters: [req.getParameter(0) ?? "", req.getParameter(1) ?? ""],
    query: named(new URLSearchParams(req.getQuery()), names),
    headers: {
      authorization: req.getHeader("authorization"),
      contentType: req.getHeader("content-type"),
      cookie: req.getHeader("cookie"),
      ...pageOf(req),
    },
    device: {
      ip: clientIp(req.getHeader("x-real-ip"), Buffer.from(res.getRemoteAddressAsText()).toString()),
      userAgent: userAgentOf(req.getHeader("user-agent")),
    },
    async body() {
      const read = await bytes;
      if (read === "too_large") throw new Refusal("too_large");
      if (read === "too_slow") throw new Refusal("invalid", { detail: TOO_SLOW });
      return read ?? new Uint8Array();
    },
  };
}

function named(query: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => names.includes(name)));
}

/** Starts to read at once, as uWebSockets.js demands. Bytes over the limit are read and dropped. */
function readBody(res: HttpResponse): Promise<Uint8Array | "too_large" | "too_slow"> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("too_slow"), BODY_MS).unref();
    const chunks: Buffer[] = [];
    let length = 0;
    res.onData((chunk, isLast) => {
      length += chunk.byteLength;
      if (length > BODY_BYTES) {
        clearTimeout(timer);
        chunks.length = 0;
        resolve("too_large");
        return;
      }
      // A copy, because the chunk is freed when this function returns.
      chunks.push(Buffer.from(new Uint8Array(chunk)));
      if (!isLast) return;
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
  });
}
