/** One HTTP request as handlers see it. uWebSockets.js lends its request until the first `await`, so all is copied. */
import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { Refusal } from "../errors.ts";
import { clientIp } from "../limits/client-ip.ts";
import { type Page, pageOf } from "../origin.ts";
import { type Device, userAgentOf } from "../sessions/device.ts";

/** Far above any body of the contract, far below what could hurt. */
const BODY_BYTES = 64 * 1024;

export type Call = {
  method: string;
  path: string;
  /** What stands for the first `:name` of the route, and for the second; empty for routes without. */
  parameters: readonly [string, string];
  query: URLSearchParams;
  headers: { authorization: string; contentType: string; cookie: string } & Page;
  device: Device;
  /** @throws Refusal `too_large`. Never settles when the client went away: nobody is left to answer. */
  body: () => Promise<Uint8Array>;
};

export type Handler = (call: Call) => Answer | Promise<Answer>;
/** Several values are several lines. */
export type AnswerHeaders = Record<string, string | readonly string[]>;
export type Answer = { status: number; headers?: AnswerHeaders; body?: string; type?: string };

export function readCall(res: HttpResponse, req: HttpRequest, names: readonly string[]): Call {
  const method = req.getMethod();
  const bytes = method === "get" || method === "head" ? null : readBody(res);
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
      return read ?? new Uint8Array();
    },
  };
}

function named(query: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => names.includes(name)));
}

/** Starts to read at once, as uWebSockets.js demands. What exceeds the limit is read on and dropped, not kept. */
function readBody(res: HttpResponse): Promise<Uint8Array | "too_large"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    res.onData((chunk, isLast) => {
      length += chunk.byteLength;
      if (length > BODY_BYTES) {
        chunks.length = 0;
        resolve("too_large");
        return;
      }
      // A copy: the chunk is taken away when this function returns.
      chunks.push(Buffer.from(new Uint8Array(chunk)));
      if (isLast) resolve(Buffer.concat(chunks));
    });
  });
}
