/** The conventions of CONTRIBUTING.md, checked in every file. */
import { expect, it } from "vitest";
import { constructorBags, functionSizes, mentionsOfNull } from "./support/declarations.ts";
import { all, mentions, scripts, sources } from "./support/imports.ts";
import type { Source } from "./support/sources.ts";

it("the environment is read in one file of the servers and one of the runner", () => {
  expect(mentions(/process\.env/).sort()).toEqual([
    "infra/local/cli/environment.ts",
    "shared/server/process/config.ts",
  ]);
});

it("SQL is written in queries.ts files", () => {
  const elsewhere = mentions(/\b(sql|tx|db)(<[^`]*>)?`/).filter((path) => !/(^|[/-])queries\.ts$/.test(path));
  expect(elsewhere).toEqual([]);
});

it("the queries of a room are made for a database, and no function beside them takes one", () => {
  const ofRooms = scripts.filter(({ path }) => /^(gateway|worker|shared)\/.*queries\.ts$/.test(path));
  expect(ofRooms.length).toBeGreaterThan(25);
  const takesOne = /^export (async )?function (?!create)\w+(<\w+>)?\(\s*(sql|tx|db):/m;
  // These begin a transaction for queries that they make.
  const beginners = ["worker/exchange/export-queries.ts", "worker/exchange/verify-queries.ts"];
  expect(mentions(takesOne, ofRooms).sort()).toEqual(beginners);
});

it("no gateway opens a connection to another one, and nobody reads Redis as a group", () => {
  const servers = scripts.filter(({ path }) => /^(gateway|worker|shared\/server)\//.test(path));
  expect(mentions(/\bfetch\(|\bnew WebSocket\(/, servers)).toEqual([]);
  expect(
    mentions(
      /xreadgroup|xgroup/i,
      all.filter(({ isTest }) => !isTest),
    ),
  ).toEqual([]);
});

it("no connection has a timer of its own", () => {
  const ofConnections = scripts.filter(({ path }) =>
    /^gateway\/ws\/(connection|socket-lifecycle|frame-limit|dispatch)\.ts$/.test(path),
  );
  expect(ofConnections).toHaveLength(4);
  expect(mentions(/setTimeout|setInterval/, ofConnections)).toEqual([]);
});

it("no file stands for others: no index, nothing of our own exported again", () => {
  expect(all.filter(({ path }) => /(^|\/)index\.tsx?$/.test(path))).toEqual([]);
  expect(mentions(/^export\s+(type\s+)?(\*|\{[^}]*\})\s*from\s+"\./m, all)).toEqual([]);
  expect(mentions(/^export default/m).sort()).toEqual(["load-tests/k6/chat.ts", "vitest.config.ts"]);
});

it("one module stores small values in the browser, and one folder what a start without a network needs", () => {
  const touches = /\b(localStorage|sessionStorage|indexedDB|cookieStore|document\.cookie|caches)\b/;
  const isOfPage = ({ path }: Source): boolean => path.startsWith("web/");
  // The first file only checks whether a storage exists, and the workers pass the caches of the browser on.
  const kept = mentions(touches, scripts.filter(isOfPage)).filter((path) => !path.startsWith("web/offline/"));
  expect(kept.toSorted()).toEqual([
    ...["web/page/cookies.ts", "web/service-worker-off.ts", "web/service-worker.ts"],
    "web/sync/storage.ts",
  ]);
});

it("files are small: none over 260 lines, nine of ten sources under 125, half of them under 55", () => {
  const long = all.filter(
    ({ lines, path, isTest }) => lines > (isTest ? 300 : 260) && path !== "worker/schema.sql",
  );
  expect(long.map(({ path, lines }) => `${path} has ${lines} lines`)).toEqual([]);
  const lengths = scripts.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length * 0.5)]).toBeLessThanOrEqual(55);
  expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(125);
});

it("functions are short: none with more than 60 lines of code of its own", () => {
  const long = functionSizes().filter(({ lines }) => lines > 60);
  expect(long.map(({ path, name, lines }) => `${name} in ${path} has ${lines} lines`)).toEqual([]);
});

it("nothing that is put together is given more than eight things at once", () => {
  const bags = constructorBags();
  expect(bags.length).toBeGreaterThan(200);
  const large = bags.filter(({ fields }) => fields.length > 8);
  expect(large.map(({ path, name, fields }) => `${name} in ${path} takes ${fields.join(", ")}`)).toEqual([]);
});

/** The files that may say `null`, each with who says it there. */
const SAYS_NULL: [RegExp, string][] = [
  [/(^|[/-])queries\.ts$/, "SQL"],
  [/^shared\/server\/events\/archived-event\.ts$|^worker\/(event-row|write-batch)\.ts$/, "rows of SQL"],
  [/^gateway\/moderation\/moderation\.ts$/, "JSON in a column"],
  [/^shared\/server\/postgres\/pool\.ts$/, "arrays of SQL"],
  [/^shared\/server\/redis\/(presence|sent-id|user)-store\.ts$/, "answers of Redis"],
  [/^shared\/server\/redis\/connect\.ts$/, "an option of ioredis"],
  [/^shared\/server\/redis\/control-events\.ts$/, "JSON in the control log"],
  [/^gateway\/(apply-control-events|control\/control-log)\.ts$/, "JSON in the control log"],
  [/^shared\/(http-api|server-frames)\.ts$/, "JSON on the wire"],
  [/^gateway\/control\/ban-list\.ts$/, "a ban as it is on the wire"],
  [/^gateway\/ws\/(connections|handlers\/hello)\.ts$/, "frames"],
  [/^web\/state\/(frame-handlers|moderation)\.ts$/, "JSON on the wire"],
  [/^worker\/push\/(payload|targets)\.ts$/, "rows of SQL, and JSON"],
  [/^web\/offline\/known-rooms\.ts$/, "values of the browser's database"],
  [/^web\/components\/(account|moderation|ui)\/[a-z-]+\.tsx$/, "JSON on the wire, and Preact"],
  [/^web\/components\//, "Preact"],
  [/^web\/(page\/[a-z-]+|state\/route|sync\/storage)\.ts$/, "the browser, and Preact"],
  [/^infra\/local\/cluster\/(cluster|table)\.ts$/, "JSON of the cluster's status"],
  [/^infra\/convert\/mattermost\.ts$/, "JSON of another chat"],
];
it("nothing is null but what SQL, the wire and other people's code say", () => {
  const paths = mentionsOfNull();
  const reasonOf = (path: string) => SAYS_NULL.find(([pattern]) => pattern.test(path));
  expect(paths.filter((path) => !reasonOf(path))).toEqual([]);
  const used = new Set(paths.map(reasonOf));
  expect(SAYS_NULL.filter((each) => !used.has(each))).toEqual([]);
});

it("each lock of PostgreSQL has a number of its own", () => {
  const names = new Map<string, Set<string>>();
  for (const { text } of scripts)
    for (const [, name = "", number = ""] of text.matchAll(/const ([A-Z_]+_LOCK) = ([\d_]+);/g))
      names.set(number, (names.get(number) ?? new Set()).add(name));
  expect(names.size).toBeGreaterThan(5);
  const shared = [...names.values()]
    .filter(({ size }) => size > 1)
    .map((each) => [...each].sort().join(", "));
  // Both are held for moments only.
  expect(shared).toEqual(["MEMBERSHIP_LOCK, PARTITIONS_LOCK"]);
});

it("nothing is left to do, and nobody prints past the log", () => {
  expect(mentions(/\b(TODO|FIXME|XXX)\b/, sources)).toEqual([]);
  expect(mentions(/console\.\w+\(|\bas any\b/, sources)).toEqual([]);
});
