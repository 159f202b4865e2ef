/** What the style sheets promise everybody: contrast in both themes, colours that mean one thing, text as large as one has set. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "../web/styles");
const sheets = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".css"))
  .map((name) => ({ name, text: readFileSync(join(FOLDER, name), "utf8").replaceAll(/\/\*.*?\*\//gs, "") }));
const theme = sheets.find(({ name }) => name === "theme.css")?.text ?? "";

type Pair = { light: string; dark: string };
const HEX = "(#[0-9a-f]{3,6})";
/** Every variable that is a colour; those of a hue under `hue-3` and `hue-3-soft`. */
const colours = new Map<string, Pair>();
for (const [, selector = "", body = ""] of theme.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
  const hue = /\.(hue-\d)/.exec(selector)?.[1];
  const found = new RegExp(`--([\\w-]+): (?:light-dark\\(${HEX}, ${HEX}\\)|${HEX});`, "g");
  for (const [, name = "", light, dark, both] of body.matchAll(found)) {
    const pair = { light: light ?? both ?? "", dark: dark ?? both ?? "" };
    colours.set(hue ? name.replace("hue", hue) : name, pair);
  }
}
const hues = [...colours.keys()].filter((name) => /^hue-\d$/.test(name));
const GROUNDS = ["ground", "surface", "raised", "sunken"];

/** What is written on what: 4.5 to 1. */
const TEXT: [string, string[]][] = [
  ["ink", [...GROUNDS, "theirs", "bad-soft"]],
  ["ink-soft", GROUNDS],
  ["accent", ["ground", "surface", "raised"]],
  ["accent-strong", ["accent-soft"]],
  ["on-accent", ["accent", "accent-strong"]],
  ["on-mine", ["mine"]],
  ["bad", ["ground", "surface", "raised", "bad-soft"]],
  ...hues.map((hue): [string, string[]] => [hue, [`${hue}-soft`]]),
];
/** What is seen beside what, and must be told from it: 3 to 1. */
const SEEN: [string, string[]][] = [
  ["focus", [...GROUNDS, "bad"]],
  ["bad", GROUNDS],
  ["line-strong", ["ground", "surface", "raised"]],
  ["good", ["sunken"]],
  ["warn", ["sunken", "raised"]],
];
/** Ornament: nothing is lost with it. */
const ORNAMENT = ["line"];

function luminance(hex: string): number {
  const long = hex.length === 4 ? hex.replaceAll(/[0-9a-f]/g, "$&$&") : hex;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

describe.each(["light", "dark"] as const)("in the %s theme", (scheme) => {
  const cases = [
    ...TEXT.map((each) => [...each, 4.5] as const),
    ...SEEN.map((each) => [...each, 3] as const),
  ].flatMap(([name, others, least]) => others.map((other) => [name, other, least] as const));
  test.each(cases)("%s on %s has a contrast of at least %d", (name, other, least) => {
    const [one, two] = [colours.get(name)?.[scheme] ?? "", colours.get(other)?.[scheme] ?? ""];
    expect(contrast(one, two)).toBeGreaterThanOrEqual(least);
  });
});

test("every colour of the theme is looked at here", () => {
  const seen = new Set([...TEXT, ...SEEN].flatMap(([name, others]) => [name, ...others]));
  expect(hues).toHaveLength(8);
  expect([...colours.keys()].filter((name) => !seen.has(name))).toEqual(ORNAMENT);
});

test("no style sheet but the theme's names a colour of its own", () => {
  const own = sheets
    .filter(({ name }) => !["theme.css"].includes(name))
    .flatMap(({ name, text }) =>
      [...text.matchAll(/[\w-]+: [^;{]*#[0-9a-f]{3,8}\b[^;]*/gi)].map(([found]) => `${name} ${found}`),
    );
  // The logo is a drawing.
  expect(own.filter((found) => !/light-dark\(#\w+, #\w+\)/.test(found))).toEqual([]);
});

test("text is as large as the browser is set to, and widths that depend on it follow", () => {
  const fixed = sheets.flatMap(({ name, text }) =>
    [
      ...text.matchAll(
        /(?:^|[\s{;])((?:font|font-size|line-height|letter-spacing):[^;]*\dp[xt][^;]*|@media[^{]*\dpx[^{]*)/g,
      ),
    ].map(([, found]) => `${name} ${found?.trim()}`),
  );
  expect(fixed).toEqual([]);
});

test("what scrolls holds what is placed absolutely in it", () => {
  const rules = sheets.flatMap(({ name, text }) =>
    [...text.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = "", body = ""]) => ({
      where: `${name} ${selector.trim()}`,
      body,
    })),
  );
  const scrolling = rules.filter(({ body }) => /\boverflow(-y)?:[^;]*\b(auto|scroll)\b/.test(body));
  expect(scrolling.length).toBeGreaterThan(2);
  expect(
    scrolling.filter(({ body }) => !/\bposition: (?!static)/.test(body)).map(({ where }) => where),
  ).toEqual([]);
});
