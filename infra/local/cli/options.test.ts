import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { findRunner } from "../cluster/control-client.ts";
import { invitation } from "../cluster/screen.ts";
import { optionsToFind, readCommandOptions, readStartOptions, urlOf } from "./options.ts";
import { HelpAsked, Problem } from "./problem.ts";

it("without options: three gateways on loopback, port 8080, limits on", () => {
  const { data, ...rest } = readStartOptions([]);
  expect(rest).toEqual({
    gateways: 3,
    port: 8080,
    host: "127.0.0.1",
    fresh: false,
    kafka: false,
    limits: true,
    wait: 30,
    join: undefined,
  });
  expect(data).toMatch(/\.suda$/);
  expect(optionsToFind({ data })).toBe("");
});

it("a start that wants to join says what the second machine needs, unless it is given", () => {
  expect(() => readStartOptions(["--join"])).toThrow(
    /npm run -s secrets -- --show .*\n.*npm start -- --join/,
  );
  expect(readStartOptions(["--join", "/tmp/suda.join"]).join).toBe("/tmp/suda.join");
});

it("another data folder has to be named to the commands", () => {
  expect(optionsToFind(readStartOptions(["--data", "/tmp/other"]))).toBe(" --data /tmp/other");
});

/** @returns the words into which a shell splits a printed line, with `npm` as a function that prints them. */
const wordsOf = (line: string): string[] =>
  execFileSync("sh", ["-c", `npm() { printf '%s\\0' "$@"; }; ${line}`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);
const hintsFor = (data: string): string[] => {
  const hints = invitation("http://x", optionsToFind({ data }), 1).map((line) =>
    stripVTControlCharacters(line).trim(),
  );
  try {
    findRunner(data);
  } catch (error) {
    hints.push((error as Error).message.slice((error as Error).message.lastIndexOf("npm start")));
  }
  return hints.filter((line) => line.startsWith("npm")).map((line) => line.replace(/ {3}[^']*$/, ""));
};

it("the commands that are printed find their folder in a real shell, whatever it is called", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
  const odd = fc.constantFrom(
    "my chat",
    "it's",
    "a;b",
    "$HOME",
    "`x`",
    "*",
    "~",
    "-n",
    'a"b',
    "수다 방",
    "a\\b",
    "#",
    "a  b",
  );
  fc.assert(
    fc.property(
      fc.oneof(name, odd).filter((each) => !each.includes("\0")),
      (each) => {
        const data = resolve("/tmp/suda none", each);
        const hints = hintsFor(data);
        expect(hints).toHaveLength(3);
        for (const hint of hints) {
          const words = wordsOf(hint);
          const options = words.slice(words.indexOf("--data"));
          expect(readCommandOptions(options, "").data).toBe(data);
        }
      },
    ),
    { numRuns: 60 },
  );
});

it.each([
  [["--gateways", "0"], "--gateways"],
  [["--gateways", "2.5"], "--gateways"],
  [["--port", "70000"], "--port"],
  [["--port", "0x10"], "--port"],
  [["--gateways", " 3"], "--gateways"],
  [["--data", ""], "--data"],
  [["--host", ""], "--host"],
  [["--host", "*"], "--host"],
  [["--host", "http://x"], "--host"],
  [["--host", "0.0.0.0; root /"], "--host"],
  [["5"], "5"],
  [["--limits", "maybe"], "--limits"],
  [["--gatways", "3"], "--gatways"],
])("%j is refused by name", (args, name) => {
  expect(() => readStartOptions(args)).toThrow(name);
});

it.each(["0.0.0.0", "::", "192.0.2.7"])(
  "limits cannot be lifted for a cluster that listens on %s",
  (host) => {
    expect(() => readStartOptions(["--limits", "off", "--host", host])).toThrow("loopback");
  },
);

it.each(["127.0.0.1", "127.0.0.2", "::1", "localhost"])("limits can be lifted on %s", (host) => {
  expect(readStartOptions(["--limits", "off", "--host", host]).limits).toBe(false);
});

it.each([
  ["0.0.0.0", "http://127.0.0.1:8080"],
  ["::1", "http://[::1]:8080"],
  ["chat.local", "http://chat.local:8080"],
])("a cluster on %s is opened at %s", (host, url) => {
  expect(urlOf({ host, port: 8080 })).toBe(url);
});

it("a request for help prints the usage before anything else is checked", () => {
  const usage = "npm run scale -- N --data DIR";
  for (const args of [["--help"], ["-h"], ["--nonsense", "--help"]])
    expect(() => readCommandOptions(args, usage)).toThrow(new HelpAsked(usage));
  expect(() => readStartOptions(["--port", "0", "--help"])).toThrow(HelpAsked);
  expect(() => readCommandOptions(["--", "--help"], usage)).toThrow(Problem);
});

it("a command that is asked for help prints its usage and has nothing to complain of", () => {
  const main = join(import.meta.dirname, "../status.ts");
  const output = execFileSync(process.execPath, [main, "--help"], { encoding: "utf8", stdio: "pipe" });
  expect(output).toBe("npm run status -- --json --settings --data DIR\n");
});
