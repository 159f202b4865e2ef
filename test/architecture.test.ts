/** The import rules of ARCHITECTURE.md, checked against the sources. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DOORS } from "./support/doors.ts";
import { breaches, scripts, topOf } from "./support/imports.ts";
import { ROOT, readText } from "./support/sources.ts";

type Door = { room: string; imports: string[] };
const doorsOf = (table: string): Door[] =>
  table
    .trim()
    .split("\n")
    .map((line) => line.split("->").map((side) => side.trim()))
    .map(([room = "", imports = ""]) => ({ room, imports: imports.split(/\s+/).filter(Boolean) }));
/** The room of a file within `top`: its folder, or the file itself if it is beside the folders. */
const roomOf = (path: string, top: string): string => path.slice(top.length + 1).split("/")[0] ?? "";
/** Every import from one room of `top` to another one. */
const arrowsOf = (top: string) =>
  scripts
    .filter(({ path }) => path.startsWith(`${top}/`))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ from }) => from.startsWith(`${top}/`) && roomOf(from, top) !== roomOf(path, top))
        .map(({ from }) => ({ path, from, arrow: `${roomOf(path, top)} -> ${roomOf(from, top)}` })),
    );

it.each(Object.keys(DOORS))("each room of %s imports only the rooms below it that its table names", (top) => {
  const doors = doorsOf(DOORS[top] ?? "");
  const order = doors.map(({ room }) => room);
  const upwards = doors.flatMap(({ room, imports }, place) =>
    imports
      .filter((name) => name !== "*" && !order.slice(0, place).includes(name))
      .map((name) => `${room} -> ${name}`),
  );
  expect(upwards, "arrows that run up").toEqual([]);
  const rooms = new Set(
    scripts.filter(({ path }) => path.startsWith(`${top}/`)).map(({ path }) => roomOf(path, top)),
  );
  expect(
    order.filter((room) => !rooms.has(room)),
    "rooms that are not there",
  ).toEqual([]);
  const may = new Map(doors.map(({ room, imports }) => [room, new Set(imports)]));
  const forbidden = arrowsOf(top).filter(({ arrow }) => {
    const [from = "", to = ""] = arrow.split(" -> ");
    return !may.get(from)?.has("*") && !may.get(from)?.has(to);
  });
  expect(forbidden.map(({ path, from }) => `${path} imports ${from}`)).toEqual([]);
  const used = new Set(arrowsOf(top).map(({ arrow }) => arrow));
  const unused = doors.flatMap(({ room, imports }) =>
    imports
      .filter((name) => name !== "*" && !used.has(`${room} -> ${name}`))
      .map((name) => `${room} -> ${name}`),
  );
  expect(unused, "doors that nobody uses").toEqual([]);
});

it("ARCHITECTURE.md shows the same doors", () => {
  const shown = [...readText("ARCHITECTURE.md").matchAll(/^```doors (\S+)\n([\s\S]*?)^```$/gm)];
  expect(Object.fromEntries(shown.map(([, top = "", table = ""]) => [top, doorsOf(table)]))).toEqual(
    Object.fromEntries(Object.entries(DOORS).map(([top, table]) => [top, doorsOf(table)])),
  );
});

it("the gateway, drawn, has at most 31 boxes and 113 arrows", () => {
  const arrows = new Set(arrowsOf("gateway").map(({ arrow }) => arrow));
  expect(doorsOf(DOORS.gateway ?? "").length).toBeLessThanOrEqual(31);
  expect(arrows.size).toBeLessThanOrEqual(113);
});

/** The exceptions: statements that join a transaction of another room. All other SQL of a room stays inside it. */
const SQL_DOORS: Record<string, string> = {
  "gateway/accounts/account-queries.ts -> gateway/sessions/session-queries.ts":
    "an account and its first session are one transaction",
  "gateway/accounts/passwords/confirmation.ts -> gateway/accounts/account-queries.ts":
    "the type of one look-up, given at assembly",
  "gateway/accounts/profile.ts -> gateway/sessions/session-queries.ts":
    "a new password ends the other sessions in its own transaction",
  "gateway/moderation/moderation.ts -> gateway/sessions/session-queries.ts":
    "a ban ends sessions in its own transaction",
  "gateway/messages/delete.ts -> gateway/history/archive-queries.ts":
    "the type of one look-up, given at assembly",
  "gateway/messages/reactions/react.ts -> gateway/history/archive-queries.ts":
    "the type of one look-up, given at assembly",
  "gateway/recovery/recover-room.ts -> gateway/history/archive-queries.ts": "the type of a row",
  "gateway/recovery/recovery-queries.ts -> gateway/history/archive-queries.ts":
    "a recovery reads the archive while it holds the room's row",
};
it("SQL is imported from inside its own room, and where the parts are put together", () => {
  const isComposition = (path: string): boolean =>
    /^[^/]+\/[^/]+\.ts$|^gateway\/assembly\/|^infra\/|^load-tests\//.test(path);
  const outside = scripts.flatMap(({ path, imports }) =>
    imports
      .filter(({ from }) => /-queries\.ts$/.test(from) && !isComposition(path))
      .filter(({ from }) => from.slice(0, from.lastIndexOf("/")) !== path.slice(0, path.lastIndexOf("/")))
      .map(({ from }) => `${path} -> ${from}`),
  );
  expect(outside.filter((line) => !Object.hasOwn(SQL_DOORS, line)).sort()).toEqual([]);
  expect(
    Object.keys(SQL_DOORS).filter((line) => !outside.includes(line)),
    "doors that nobody uses",
  ).toEqual([]);
});

it("gateway, worker and web never import one another", () => {
  const deployables = ["gateway", "worker", "web"];
  const isForeign = (from: string, path: string): boolean =>
    deployables.includes(topOf(from)) && topOf(from) !== topOf(path);
  expect(breaches((path) => deployables.includes(topOf(path)), isForeign)).toEqual([]);
});

it("web and load-tests never import what only servers may", () => {
  const isOfClients = (path: string): boolean => ["web", "load-tests"].includes(topOf(path));
  expect(breaches(isOfClients, (from) => from.startsWith("shared/server/"))).toEqual([]);
});

it("load tests reach the cluster by its commands, not by its code", () => {
  const isOfCluster = (from: string): boolean =>
    ["infra", "gateway", "worker", "web", "test"].includes(topOf(from));
  expect(breaches((path) => path.startsWith("load-tests/"), isOfCluster)).toEqual([]);
});

it("shared is pure: it imports its own files and the schema library, shared/server nothing above it", () => {
  const isPure = (path: string): boolean => /^shared\/[^/]+$/.test(path);
  expect(breaches(isPure, (from) => !isPure(from) && from !== "typebox")).toEqual([]);
  const isServer = (path: string): boolean => path.startsWith("shared/server/");
  const isAbove = (from: string): boolean => existsSync(join(ROOT, from)) && !from.startsWith("shared/");
  expect(breaches(isServer, isAbove)).toEqual([]);
});

it("the HTTP and WebSocket code of the gateway never import each other", () => {
  const sides = ["gateway/http/", "gateway/ws/"];
  const isOther = (from: string, path: string): boolean =>
    sides.some((side) => from.startsWith(side) && !path.startsWith(side));
  expect(breaches((path) => sides.some((side) => path.startsWith(side)), isOther)).toEqual([]);
});

it.each([
  [
    "uWebSockets.js",
    /^gateway\/(app|main)\.ts$|^gateway\/(assembly|http|ws)\/|^load-tests\/bench\/servers\//,
  ],
  ["ioredis", /^shared\/server\/redis\/connect\.ts$|^load-tests\/bench\/servers\//],
  [
    "postgres",
    /^shared\/server\/postgres\/(outages|pool|steady-transactions)\.ts$|^load-tests\/([a-z]+-)?queries\.ts$/,
  ],
  ["@node-rs/argon2", /^gateway\/accounts\/passwords\/[a-z-]+\.ts$|^infra\/local\/admin\.ts$/],
  ["@platformatic/kafka", /^shared\/server\/kafka\/[a-z-]+\.ts$/],
  ["fast-jwt", /^shared\/server\/identity\/access-tokens\.ts$/],
  ["pino", /^shared\/server\/process\/logger\.ts$/],
  ["prom-client", /^shared\/server\/process\/metrics\.ts$/],
])("%s is used in its own place only", (library, place) => {
  expect(
    breaches(
      (path) => !place.test(path),
      (from) => from === library,
    ),
  ).toEqual([]);
});

it(".ts never imports .tsx, and web/sync knows no signals", () => {
  const isCode = (path: string): boolean =>
    path.startsWith("web/") && path.endsWith(".ts") && path !== "web/build.ts";
  expect(breaches(isCode, (from) => from.endsWith(".tsx"))).toEqual([]);
  expect(
    breaches(
      (path) => path.startsWith("web/sync/"),
      (from) => from.startsWith("@preact/") || from === "preact",
    ),
  ).toEqual([]);
});

it("files import one another in one direction only", () => {
  const graph = new Map(
    scripts.map(({ path, imports }) => [
      path,
      imports.filter(({ typesOnly }) => !typesOnly).map(({ from }) => from),
    ]),
  );
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): string[] => {
    if (trail.includes(path)) return [[...trail.slice(trail.indexOf(path)), path].join(" -> ")];
    if (done.has(path)) return [];
    const found = (graph.get(path) ?? []).flatMap((from) => visit(from, [...trail, path]));
    done.add(path);
    return found;
  };
  expect([...graph.keys()].flatMap((path) => visit(path, []))).toEqual([]);
});

it("every path that ARCHITECTURE.md names exists", () => {
  const named = [...readText("ARCHITECTURE.md").matchAll(/`([a-z][\w.-]*(?:\/[\w.-]+)+\/?)`/g)].map(
    ([, path]) => path ?? "",
  );
  expect(named.length).toBeGreaterThan(0);
  const ours = named.filter(
    (path) => existsSync(join(ROOT, topOf(path))) || /\.(ts|tsx|lua|sql)$/.test(path),
  );
  expect(ours.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
