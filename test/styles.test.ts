/** The promises of the style sheets: contrast in both themes, colours with one meaning, text of any size. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const WEB = join(import.meta.dirname, "../web");
const read = (name: string) => readFileSync(join(WEB, name), "utf8");
const names = ["styles", "components"].flatMap((folder) =>
  readdirSync(join(WEB, folder), { recursive: true }).map((name) => `${folder}/${name}`),
);
const sheets = names
  .filter((name) => name.endsWith(".css"))
  .map((name) => ({ name, text: read(name).replaceAll(/\/\*.*?\*\//gs, "") }));
const theme = sheets.find(({ name }) => name === "styles/theme.css")?.text ?? "";

type Pair = { light: string; dark: string };
const HEX = "(#[0-9a-f]{3,6})";
/** Every colour variable; those of a hue are under `hue-3` and `hue-3-soft`. */
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
const importedBy = (sheet: string) =>
  [...read(sheet).matchAll(/@import "\.\.?\/([^"]+)"/g)].map(([, name = ""]) =>
    name.startsWith("components/") ? name : `styles/${name}`,
  );
const GROUNDS = ["ground", "surface", "raised", "sunken"];

/** Text colours on backgrounds: at least 4.5 to 1. */
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
/** Neighbouring colours that must be distinguishable: at least 3 to 1. */
const SEEN: [string, string[]][] = [
  ["focus", [...GROUNDS, "bad"]],
  ["bad", GROUNDS],
  ["line-strong", ["ground", "surface", "raised"]],
  ["good", ["sunken"]],
  ["warn", ["sunken", "raised"]],
];
/** Ornament without meaning. */
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
  ].flatMap(([name, others, min]) => others.map((other) => [name, other, min] as const));
  test.each(cases)("%s on %s has a contrast of at least %d", (name, other, min) => {
    const [one, two] = [colours.get(name)?.[scheme] ?? "", colours.get(other)?.[scheme] ?? ""];
    expect(contrast(one, two)).toBeGreaterThanOrEqual(min);
  });
});

test("every colour of the theme is looked at here", () => {
  const seen = new Set([...TEXT, ...SEEN].flatMap(([name, others]) => [name, ...others]));
  expect(hues).toHaveLength(8);
  expect([...colours.keys()].filter((name) => !seen.has(name))).toEqual(ORNAMENT);
});

test("no style sheet but the theme's names a colour of its own", () => {
  const own = sheets
    .filter(({ name }) => name !== "styles/theme.css")
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

test("a scroll area is the containing block of its absolutely placed children", () => {
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

describe("a class has a scope", () => {
  /** `messages` for `components/messages/bubble.css`; undefined for sheets with classes for all components. */
  const scopeOf = (name: string) => /^components\/(?!ui\/)(\w+)\//.exec(name)?.[1];
  const classesIn = (text: string) =>
    new Set([...text.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = ""]) => name));
  /** Sheets that only refine others. */
  const isLast = (name: string) => ["styles/large-text.css", "styles/forced-colors.css"].includes(name);
  const styled = sheets.map(({ name, text }) => ({
    name,
    classes: classesIn(text.replaceAll(/\{[^{}]*\}/g, "").replaceAll(/@[^;{]*[;{]/g, "")),
  }));
  const views = names.filter((name) => name.endsWith(".tsx")).map((name) => ({ name, text: read(name) }));
  const wordsOf = (text: string) => new Set(text.match(/[a-z][\w-]*/g));
  const shown = views.map(({ name, text }) => ({
    name,
    classes: wordsOf([...text.matchAll(/\bclass=("[^"]*"|\{[^}]*\})/g)].map(([found]) => found).join(" ")),
  }));
  const owners = new Map<string, Set<string | undefined>>();
  for (const { name, classes } of styled.filter((sheet) => !isLast(sheet.name)))
    for (const each of classes) owners.set(each, new Set([...(owners.get(each) ?? []), scopeOf(name)]));
  /** Classes that only one folder styles, with that folder. */
  const scoped = new Map([...owners].filter(([, scopes]) => !scopes.has(undefined)));

  test("one folder of components styles it, unless it is for all", () => {
    expect(scoped.size).toBeGreaterThan(50);
    expect([...scoped].filter(([, scopes]) => scopes.size > 1).map(([name]) => name)).toEqual([]);
  });

  test("components of no other folder use it", () => {
    const strays = shown.flatMap(({ name, classes }) =>
      [...classes]
        .filter((each) => scoped.has(each) && !scoped.get(each)?.has(scopeOf(name)))
        .map((each) => `${name} uses .${each}`),
    );
    expect(strays).toEqual([]);
  });

  test("it is used: a style sheet names no class that the page does not", () => {
    const page = `${views.map(({ text }) => text).join(" ")} ${read("index.html")}`;
    const used = wordsOf(page);
    const unused = styled.flatMap(({ name, classes }) =>
      [...classes]
        .filter((each) => !used.has(each) && !/^hue-\d$/.test(each))
        .map((each) => `${name} .${each}`),
    );
    expect(unused).toEqual([]);
  });

  test("every sheet is part of the page, beside a component of its own or for all", () => {
    const first = importedBy("styles/main.css");
    const later = importedBy("styles/on-demand.css");
    // Refines the components of both.
    expect(first.filter((name) => later.includes(name))).toEqual(["styles/forced-colors.css"]);
    expect([...new Set([...first, ...later])].toSorted()).toEqual(
      sheets
        .map(({ name }) => name)
        .filter((name) => !["styles/main.css", "styles/on-demand.css"].includes(name))
        .toSorted(),
    );
  });
});
