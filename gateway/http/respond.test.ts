import type { HttpRequest, HttpResponse } from "uWebSockets.js";
import { expect, test } from "vitest";
import { createLog } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { Handler } from "./request.ts";
import { createResponder } from "./respond.ts";
import { json } from "./response.ts";

const noted: unknown[] = [];
const onInternalError = (error: unknown): string => `id-${noted.push(error)}`;
const respond = createResponder({
  origins: [],
  mayAct: () => true,
  log: createLog("test", "silent"),
  onInternalError,
});

/** A response that records its writes, and the request that goes with it. */
function exchange() {
  const written: {
    status?: string;
    body?: string;
    closed?: boolean;
    headers: Record<string, string>;
    abort: () => void;
  } = {
    headers: {},
    abort: () => undefined,
  };
  const res = {
    onAborted: (abort: () => void) => {
      written.abort = abort;
    },
    cork: (write: () => void) => write(),
    getRemoteAddressAsText: () => new TextEncoder().encode("127.0.0.1").buffer,
    writeStatus: (status: string) => {
      written.status = status;
    },
    writeHeader: (name: string, value: string) => {
      written.headers[name] = value;
    },
    end: (body: string) => {
      written.body = body;
    },
    close: () => {
      written.closed = true;
    },
  };
  const req = {
    getMethod: () => "get",
    getUrl: () => "/api/test",
    getQuery: () => "",
    getParameter: () => undefined,
    getHeader: () => "",
  };
  const serve = (handler: Handler) =>
    respond(handler)(res as unknown as HttpResponse, req as unknown as HttpRequest);
  return { written, serve };
}

const failing = (error: unknown) => () => {
  throw error;
};
const bodyOf = (text: string | undefined) => JSON.parse(text ?? "null");

test("an answer goes out once and is not kept by anybody", async () => {
  const { written, serve } = exchange();
  await serve(() => json(200, { fine: true }));
  expect(written).toMatchObject({ status: "200 OK", body: '{"fine":true}' });
  expect(written.headers).toMatchObject({ "Content-Type": "application/json", "Cache-Control": "no-store" });
});

test("nothing is written to a client that has disconnected", async () => {
  const { written, serve } = exchange();
  await serve(() => {
    written.abort();
    return json(200, {});
  });
  expect(written.status).toBeUndefined();
});

test("a refusal is told by name, with the time to wait", async () => {
  const { written, serve } = exchange();
  await serve(failing(new Refusal("too_many_attempts", { retryAfterMs: 1_200 })));
  expect(written.status).toBe("429 Too Many Requests");
  expect(written.headers).toMatchObject({ "Content-Type": "application/problem+json", "Retry-After": "2" });
  expect(bodyOf(written.body)).toMatchObject({ status: 429, code: "too_many_attempts", retryAfterMs: 1_200 });
});

test.each([
  ["no_such_room", 404, undefined],
  ["too_long", 400, undefined],
  ["room_archived", 403, undefined],
  ["unauthenticated", 401, undefined],
  ["unavailable", 503, 1_000],
] as const)(
  "what a room or a user refuses, here %s, is no fault of ours",
  async (code, status, retryAfterMs) => {
    const { written, serve } = exchange();
    const before = noted.length;
    await serve(failing(new Refusal(code)));
    expect(bodyOf(written.body)).toMatchObject({ status, code });
    expect(bodyOf(written.body).retryAfterMs).toBe(retryAfterMs);
    expect(noted).toHaveLength(before);
  },
);

test("an outage is answered with when to come back, and is no fault of ours", async () => {
  const { written, serve } = exchange();
  const before = noted.length;
  await serve(failing(new Unavailable("inside")));
  expect(written.status).toBe("503 Service Unavailable");
  expect(bodyOf(written.body)).toMatchObject({ code: "unavailable", retryAfterMs: expect.any(Number) });
  expect(written.body).not.toContain("inside");
  expect(noted).toHaveLength(before);
});

test("a fault of our own fails the one request, without a word about it but the id under which it was noted", async () => {
  const { written, serve } = exchange();
  const bug = new TypeError("secret detail of the inside");
  await serve(failing(bug));
  expect(noted.at(-1)).toBe(bug);
  expect(written.status).toBe("500 Internal Server Error");
  expect(bodyOf(written.body)).toMatchObject({
    status: 500,
    code: "internal",
    requestId: `id-${noted.length}`,
  });
  expect(written.body).not.toContain("secret");
});

test("an answer that cannot be written ends its own line", async () => {
  const { written, serve } = exchange();
  await serve(() => ({
    status: 200,
    body: undefined as unknown as string,
    headers: { "X-Bad": failing(1) as never },
  }));
  expect(written.closed).toBe(true);
});
