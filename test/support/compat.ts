/** Which browser has had which feature since when, as MDN's data says. */
import { createRequire } from "node:module";
import type { CompatData, CompatStatement, Identifier } from "@mdn/browser-compat-data";

export type Versions = Record<string, number>;

/** Not imported, because vitest would transform all 20 MB of it. */
const data: CompatData = createRequire(import.meta.url)("@mdn/browser-compat-data");
const { css, html, api } = data;
const { builtins } = data.javascript;
/** The browsers of a platform that esbuild has one name for. */
const PLATFORMS: Record<string, string[]> = {
  chrome: ["chrome", "chrome_android"],
  edge: ["edge"],
  firefox: ["firefox", "firefox_android"],
  safari: ["safari"],
  ios: ["safari_ios"],
};

/** All entries of these names at any depth, for values and members that several properties or interfaces share. */
const indexOf = (...roots: (Identifier | undefined)[]): Map<string, Identifier[]> => {
  const index = new Map<string, Identifier[]>();
  const add = (tree: Identifier) => {
    for (const [name, entry] of Object.entries(tree)) {
      if (name === "__compat") continue;
      index.set(name, [...(index.get(name) ?? []), entry as Identifier]);
      add(entry as Identifier);
    }
  };
  for (const root of roots) if (root) add(root);
  return index;
};
const types = indexOf(css.types);
const members = indexOf(api, builtins);
const attributes = indexOf(html.global_attributes, html.elements);

/** How the names in a style sheet, a script and the markup are found in the data. */
export const lookUp = {
  property: (name: string) => [css.properties?.[name]],
  value: (property: string, name: string) => [css.properties?.[property]?.[name]],
  /** A function or a unit. */
  type: (name: string) => types.get(name) ?? [],
  selector: (name: string) => [css.selectors?.[name]],
  rule: (name: string, feature?: string) => [
    feature ? css["at-rules"]?.[name]?.[feature] : css["at-rules"]?.[name],
  ],
  global: (name: string) => [builtins?.[name], api?.[name], api?.Window?.[name]],
  /** @param owner as TypeScript names it; parts of an interface that have names of their own are not in the data. */
  member(owner: string, name: string) {
    const plain = owner.replace(/^Readonly(?=Array|Map|Set)|Constructor$/g, "");
    const holder = builtins?.[plain] ?? builtins?.Intl?.[plain] ?? api?.[plain];
    const own = [holder?.[name], holder?.[`${name}_static`]].filter((entry) => entry !== undefined);
    return own.length > 0 ? own : [...(members.get(name) ?? []), ...(members.get(`${name}_static`) ?? [])];
  },
  attribute: (name: string) => attributes.get(name) ?? [],
};

/** @returns the version of each platform since which the first of these entries to come has been complete; undefined for none. */
export function sinceWhen(entries: readonly (Identifier | undefined)[]): Versions | undefined {
  const found = entries.flatMap((entry) => entry?.__compat ?? []).map(versionsOf);
  if (found.length === 0) return undefined;
  return Object.fromEntries(
    Object.keys(PLATFORMS).map((platform) => [
      platform,
      Math.min(...found.map((each) => each[platform] ?? Number.POSITIVE_INFINITY)),
    ]),
  );
}

function versionsOf({ support }: CompatStatement): Versions {
  const since = (browser: string): number => {
    const statements = [support[browser as keyof typeof support] ?? []].flat();
    const whole = statements.filter(
      ({ flags, prefix, alternative_name, partial_implementation, version_removed }) =>
        !(flags || prefix || alternative_name || partial_implementation || version_removed),
    );
    return Math.min(...whole.map(({ version_added }) => numberOf(version_added)));
  };
  return Object.fromEntries(
    Object.entries(PLATFORMS).map(([platform, browsers]) => [platform, Math.max(...browsers.map(since))]),
  );
}

const numberOf = (version: string | false | null): number =>
  Number.parseFloat(String(version).replace("≤", "")) || Number.POSITIVE_INFINITY;
