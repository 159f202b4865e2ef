/** What the code promises about its own shape, so that it stays true. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, readSources, readText, type Source } from "./support/sources.ts";

const all = readSources();
const sources = all.filter(({ isTest }) => !isTest);
const scripts = sources.filter(({ path }) => /\.(ts|tsx)$/.test(path));

/** Which files import what they should not, as lines a reader can act on. */
const breaches = (
  where: (path: string) => boolean,
  forbidden: (from: string, path: string) => boolean,
): string[] =>
  scripts
    .filter(({ path }) => where(path))
    .flatMap(({ path, imports }) =>
      imports.filter(({ from }) => forbidden(from, path)).map(({ from }) => `${path} imports ${from}`),
    );
const mentions = (pattern: RegExp, among: Source[] = scripts): string[] =>
  among.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
const topOf = (path: string): string => path.split("/")[0] ?? "";

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

it("what the gateway does over HTTP and over WebSocket never import each other", () => {
  const sides = ["gateway/http/", "gateway/ws/"];
  const isOther = (from: string, path: string): boolean =>
    sides.some((side) => from.startsWith(side) && !path.startsWith(side));
  expect(breaches((path) => sides.some((side) => path.startsWith(side)), isOther)).toEqual([]);
});

it.each([
  ["uWebSockets.js", /^gateway\/(app|main)\.ts$|^gateway\/(assembly|http|ws)\//],
  ["ioredis", /^shared\/server\/redis\/connect\.ts$/],
  [
    "postgres",
    /^shared\/server\/postgres\/(outages|pool|steady-transactions)\.ts$|^load-tests\/queries\.ts$/,
  ],
  ["@node-rs/argon2", /^gateway\/accounts\/passwords\/[a-z-]+\.ts$|^infra\/local\/admin\.ts$/],
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

it("the environment is read in one file of the servers and one of the runner", () => {
  expect(mentions(/process\.env/).sort()).toEqual([
    "infra/local/cli/environment.ts",
    "shared/server/process/config.ts",
  ]);
});

it("SQL is written in queries.ts files", () => {
  const elsewhere = mentions(/\b(sql|tx|db)(<[^`]*>)?`/).filter((path) => !/(^|[/-])queries\.ts$/.test(path));
  expect(elsewhere).toEqual(["shared/server/postgres/cluster-settings.ts"]);
});

it("no file stands for others: no index, nothing of our own exported again", () => {
  expect(all.filter(({ path }) => /(^|\/)index\.tsx?$/.test(path))).toEqual([]);
  expect(mentions(/^export\s+(type\s+)?(\*|\{[^}]*\})\s*from\s+"\./m, all)).toEqual([]);
  expect(mentions(/^export default/m).sort()).toEqual(["load-tests/k6/chat.ts", "vitest.config.ts"]);
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

it("what the browser keeps is kept by one module, which knows every name", () => {
  const touches = /\b(localStorage|sessionStorage|indexedDB|cookieStore|document\.cookie|caches)\b/;
  const isOfPage = ({ path }: Source): boolean => path.startsWith("web/");
  // The first only looks whether there is a place to keep anything in.
  expect(mentions(touches, scripts.filter(isOfPage))).toEqual(["web/page/cookies.ts", "web/sync/storage.ts"]);
});

it("files are small: none over 300 lines, half of the sources under 80", () => {
  // The schema is dumped, not written.
  const written = all.filter(({ path }) => path !== "worker/schema.sql");
  expect(
    written.filter(({ lines }) => lines > 300).map(({ path, lines }) => `${path} has ${lines} lines`),
  ).toEqual([]);
  const lengths = scripts.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(80);
});

it("nothing is left to do, and nobody prints past the log", () => {
  expect(mentions(/\b(TODO|FIXME|XXX)\b/, sources)).toEqual([]);
  expect(mentions(/console\.\w+\(|\bas any\b/, sources)).toEqual([]);
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
