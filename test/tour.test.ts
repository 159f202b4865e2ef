/** The walks of ARCHITECTURE.md are short, and each passes few rooms. */
import { expect, it } from "vitest";
import { readText } from "./support/sources.ts";

const MAX_LINES = 1_300;
const MAX_ROOMS = 3;

const walks = readText("ARCHITECTURE.md")
  .split(/^###? /m)
  .map((part) => ({
    name: part.split("\n")[0] ?? "",
    files: [...part.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path ?? ""),
  }))
  .filter(({ files }) => files.length > 0);

it("there are three walks: a message, a sign-up, a Redis that was restarted", () => {
  expect(walks.map(({ name }) => name)).toEqual(["A message", "A sign-up", "A Redis that was restarted"]);
});

it.each(walks)(
  `$name is followed in at most eleven files, under ${MAX_LINES} lines together`,
  ({ files }) => {
    const lines = files.map((path) => readText(path).trimEnd().split("\n").length);
    expect(files.length).toBeLessThanOrEqual(11);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(MAX_LINES);
  },
);

it.each(walks)(`$name passes at most ${MAX_ROOMS} rooms of the gateway`, ({ files }) => {
  const rooms = files.filter((path) => path.startsWith("gateway/")).map((path) => path.split("/")[1]);
  expect(new Set(rooms).size).toBeLessThanOrEqual(MAX_ROOMS);
});
