/** Calls of the HTTP API for the fuzzer: right in form, wrong in content. */
import fc from "fast-check";
import { PROBLEMS } from "../shared/codes.ts";

const names = fc.constantFrom(
  ...[
    "email",
    "password",
    "nickname",
    "name",
    "title",
    "current",
    "next",
    "slowModeMs",
    "untilMs",
    "reason",
    "role",
  ],
  ...["__proto__", "constructor"],
);
const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.string({ unit: "binary", maxLength: 300 }));
const id = fc.oneof(fc.uuid(), fc.string({ unit: "binary", maxLength: 40 })).map(encodeURIComponent);

/** Nothing that ends the caller's own session: the calls after it would all be alike. */
const path = fc.oneof(
  fc.constantFrom("/api/signup", "/api/login", "/api/refresh", "/api/me", "/api/me/password", "/api/rooms"),
  fc.constantFrom(
    "/api/me/sessions",
    "/api/me/connections",
    "/api/reports",
    "/api/audit",
    "/readyz",
    "/healthz",
  ),
  id.map((each) => `/api/rooms/${each}`),
  id.map((each) => `/api/rooms/${each}/people`),
  fc.tuple(id, id).map(([room, before]) => `/api/rooms/${room}/messages?before=${before}&limit=${before}`),
  fc.tuple(id, id).map(([room, seq]) => `/api/rooms/${room}/messages/${seq}/report`),
  fc.tuple(id, fc.constantFrom("mute", "ban", "role")).map(([user, act]) => `/api/users/${user}/${act}`),
  id.map((each) => `/api/${each}`),
);

export const calls = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"),
  path,
  bearer: fc.constantFrom("own", "none", "garbage"),
  cookie: fc.constantFrom("", "suda_refresh=x", `${"a=b; ".repeat(200)}`),
  body: fc.oneof(
    fc.dictionary(names, value, { maxKeys: 5 }).map((fields) => JSON.stringify(fields)),
    fc.json(),
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.nat(80_000).map((size) => "x".repeat(size)),
  ),
});
export type FuzzCall = typeof calls extends fc.Arbitrary<infer T> ? T : never;

/** Makes the call. @returns what is wrong with the answer, or null: a success, or a problem with its name. */
export async function answerFault(url: string, token: string, call: FuzzCall): Promise<string | null> {
  const { method, path: where, bearer, cookie, body } = call;
  const words = `${method} ${where} ${body.slice(0, 100)}`;
  const response = await fetch(`${url}${where}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(bearer === "none" ? {} : { authorization: `Bearer ${bearer === "own" ? token : "a.b.c"}` }),
      ...(cookie ? { cookie } : {}),
    },
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await response.text();
  if (response.status < 400 || method === "HEAD")
    return response.status < 500 ? null : `${response.status}: ${words}`;
  const type = response.headers.get("content-type") ?? "";
  // Headers that no gateway reads through are refused before there is an answer of ours.
  if (response.status === 431) return null;
  if (!type.startsWith("application/problem+json")) return `${response.status} as ${type}: ${words}`;
  const { code } = JSON.parse(answer) as { code: keyof typeof PROBLEMS };
  return PROBLEMS[code]?.status === response.status && response.status < 500 ? null : `${code}: ${words}`;
}
