/** Calls of the HTTP API for the fuzzer: every route, with paths, queries and bodies at and beyond their bounds. */
import { posix } from "node:path";
import fc from "fast-check";
import { REFUSALS } from "../shared/codes.ts";
import { ROUTES, type Route } from "../shared/http-routes.ts";
import { nearly, ODD_TEXTS, ODD_VALUES, oddTexts } from "./fuzz-values.ts";

/** The room for acts of moderators, because the lobby is checked afterwards. */
export const PLAYGROUND = "playground";
/** Stands for the target of acts. The fuzzer replaces it with a user who sends nothing. */
export const VICTIM = "00000000-0000-7000-8000-000000000000";

const PARTS: ReadonlyMap<string, fc.Arbitrary<string>> = new Map<string, fc.Arbitrary<string>>([
  ["room", fc.constantFrom("lobby", PLAYGROUND, "nowhere")],
  ["seq", fc.constantFrom("1", "2", "3")],
  ["id", fc.constantFrom(VICTIM, "1", "2")],
]);
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
/** Unencoded, encoded once, or twice. */
const parts = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: PARTS.get(name) ?? fc.constant("1") },
    { weight: 2, arbitrary: oddTexts.map(encoded) },
    { weight: 1, arbitrary: oddTexts.map(encoded).map(encoded) },
  );

function pathsOf(path: string): fc.Arbitrary<string> {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  return fc.tuple(...names.map(parts)).map((values) => {
    const left = [...values];
    return path.replace(/:\w+/g, () => left.shift() ?? "");
  });
}

function queriesOf(names: readonly string[]): fc.Arbitrary<string> {
  const pair = fc
    .tuple(fc.constantFrom(...names, "limit", "__proto__"), oddTexts, fc.nat(2))
    .map(([name, value, times]) => Array(times).fill(`${name}=${encoded(value)}`));
  return fc
    .array(pair, { maxLength: 3 })
    .map((pairs) => pairs.flat().join("&"))
    .map((query) => (query ? `?${query}` : ""));
}

const ANY_BODY = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.nat(80_000).map((size) => "x".repeat(size)),
);

const callsOf = ({ method, path, query = [], body }: Route) =>
  fc.record({
    method: fc.oneof(
      { weight: 9, arbitrary: fc.constant<string>(method) },
      { weight: 1, arbitrary: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD") },
    ),
    path: fc.tuple(pathsOf(path), queriesOf(query)).map(([where, asked]) => where + asked),
    bearer: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom("member", "moderator") },
      { weight: 1, arbitrary: fc.constantFrom("none", "garbage") },
    ),
    cookie: fc.oneof(
      { weight: 4, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom("suda_refresh=x", `${"a=b; ".repeat(200)}`) },
    ),
    body: body
      ? fc.oneof(
          { weight: 6, arbitrary: nearly(body).map((fields) => JSON.stringify(fields)) },
          { weight: 1, arbitrary: ANY_BODY },
        )
      : ANY_BODY,
  });

const unknownRoute: Route = { method: "GET", path: "/api/:none" };
/** During a raid nobody whom the fuzzer made could write. */
const { beginRaid: _, ...others } = ROUTES;
export const calls = fc.oneof(...Object.values<Route>(others).map(callsOf), callsOf(unknownRoute));
export type FuzzCall = typeof calls extends fc.Arbitrary<infer T> ? T : never;
/** A path with existing parts. */
const SOUND = (path: string): string =>
  path.replace(":room", PLAYGROUND).replace(":seq", "1").replace(":id", VICTIM);
const fieldsOf = ({ body }: Route): string[] =>
  Object.keys((body as { properties?: Record<string, unknown> } | undefined)?.properties ?? {});

/**
 * Every odd value in every part of a path and every parameter of a query, each by itself and once.
 * @param bodies whether to try every field of a body too.
 */
export function* everyOddValue(bodies: boolean): Generator<FuzzCall> {
  const common = { bearer: "moderator", cookie: "", body: "{}" } as const;
  for (const route of Object.values<Route>(ROUTES)) {
    const { method, path, query = [] } = route;
    for (const part of path.match(/:\w+/g) ?? [])
      for (const odd of ODD_TEXTS)
        yield { ...common, method, path: SOUND(path.replace(part, () => encoded(odd))) };
    for (const name of query)
      for (const odd of ODD_TEXTS)
        yield { ...common, method, path: `${SOUND(path)}?${name}=${encoded(odd)}` };
    for (const field of bodies ? fieldsOf(route) : [])
      for (const odd of ODD_VALUES)
        yield { ...common, method, path: SOUND(path), body: JSON.stringify({ [field]: odd }) };
  }
}

/** Access tokens of the callers, and the id that replaces `VICTIM`. */
export type Callers = { member: string; moderator: string; victim: string };

/** Makes the call. @returns the fault of the answer; null for a success or a problem with a code. */
export async function answerFault(url: string, callers: Callers, call: FuzzCall): Promise<string | null> {
  const { method, bearer, cookie, body } = call;
  const where = call.path.replace(VICTIM, callers.victim);
  // Acts of a moderator on the lobby would appear in it as notices.
  const token = bearer === "moderator" && !where.includes("lobby") ? callers.moderator : callers.member;
  const words = `${method} ${where.slice(0, 200)} ${body.slice(0, 100)}`;
  const response = await fetch(`${url}${where}`, {
    method,
    redirect: "manual",
    headers: {
      "content-type": "application/json",
      ...(bearer === "none" ? {} : { authorization: `Bearer ${bearer === "garbage" ? "a.b.c" : token}` }),
      ...(cookie ? { cookie } : {}),
    },
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
    signal: AbortSignal.timeout(20_000),
  });
  const answer = await response.text();
  if (response.status < 400 || method === "HEAD")
    return response.status < 500 ? null : `${response.status}: ${words}`;
  const type = response.headers.get("content-type") ?? "";
  // An overlong request line or header is refused before our code can answer.
  if (response.status === 414 || response.status === 431) return null;
  // nginx reads `/api/..%2Fx` as `/x`, and answers with its own 404 if that is not a page.
  if (response.status === 404 && leavesApi(where)) return null;
  if (!type.startsWith("application/problem+json")) return `${response.status} as ${type}: ${words}`;
  const { code } = JSON.parse(answer) as { code: keyof typeof REFUSALS };
  return REFUSALS[code]?.status === response.status && response.status < 500 ? null : `${code}: ${words}`;
}

/** Whether the decoded path leads out of the API. */
function leavesApi(where: string): boolean {
  const [path = ""] = where.split(/[?#]/);
  return !posix.normalize(path.replaceAll(/%2f/gi, "/").replaceAll(/%2e/gi, ".")).startsWith("/api/");
}
