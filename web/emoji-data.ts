/** The emoji of the picker, made at build time from `emojibase-data`: a module named `emoji-data`, which becomes a script of its own. */
import { createRequire } from "node:module";
import type { Plugin } from "esbuild";
import { inTone, TONES } from "./sync/emoji-tones.ts";

type Source = {
  unicode: string;
  label: string;
  group?: number;
  tags?: string[];
  skins?: { unicode: string }[];
};
type WithVersion = { hexcode: string; version: number };
type WithCode = Source & { hexcode: string };
type Codes = Record<string, string | string[]>;
type Tones = true | string[] | undefined;

/** The newest version of Unicode's emoji that the fonts of people's devices have. A newer one would be an empty box for many. */
const NEWEST_VERSION = 15;
/** Parts of emoji, such as hair alone. */
const COMPONENTS = 2;
const ONE = /^\p{RGI_Emoji}$/v;
const PICTURE = /\ufe0f/g;

const read = createRequire(import.meta.url);

/** The names are searched in both languages, whichever the page has. */
export const emojiDataPlugin: Plugin = {
  name: "emoji-data",
  setup(build) {
    build.onResolve({ filter: /^emoji-data$/ }, () => ({ path: "emoji-data", namespace: "emoji-data" }));
    build.onLoad({ filter: /.*/, namespace: "emoji-data" }, () => ({
      contents: JSON.stringify(rows()),
      loader: "json",
    }));
  },
};

/** @returns a row for each emoji, as `web/sync/emoji.ts` reads it. */
function rows() {
  const en: WithCode[] = read("emojibase-data/en/compact.json");
  const full: WithVersion[] = read("emojibase-data/en/data.json");
  const ko = new Map(
    (read("emojibase-data/ko/compact.json") as WithCode[]).map((each) => [each.hexcode, each]),
  );
  const versions = new Map(full.map(({ hexcode, version }) => [hexcode, version]));
  const codes: Codes[] = ["github", "emojibase"].map((set) =>
    read(`emojibase-data/en/shortcodes/${set}.json`),
  );
  return en.flatMap((each) => {
    const emoji = recommended(each.unicode);
    const { hexcode, group } = each;
    if (
      group === undefined ||
      group === COMPONENTS ||
      Number(versions.get(hexcode)) > NEWEST_VERSION ||
      !emoji
    )
      return [];
    const own = codes.map((set) => [set[hexcode] ?? []].flat()).find((found) => found.length > 0) ?? [];
    const tones = tonesOf(emoji, each.skins ?? []);
    return [[emoji, group, own.join(" "), names(each), names(ko.get(hexcode)), ...(tones ? [tones] : [])]];
  });
}

/** @returns the form that people may react with, which has the mark of a picture only where it is needed. */
const recommended = (emoji: string): string | undefined =>
  [emoji, emoji.replaceAll(PICTURE, ""), `${emoji}\ufe0f`].find((form) => ONE.test(form));

/** The name, and behind a `|` other words for it. */
function names(each: Source | undefined): string {
  if (!each) return "";
  const inLabel = each.label.split(" ");
  return `${each.label}|${(each.tags ?? []).filter((tag) => !inLabel.includes(tag)).join(" ")}`;
}

/** @returns the emoji in five tones of skin, the same for all people in it; true where the first picture alone has a tone; undefined if it has none. */
function tonesOf(emoji: string, skins: Source["skins"] & object): Tones {
  const found = TONES.flatMap((tone) =>
    skins
      .map(({ unicode }) => recommended(unicode))
      .filter((skin) => skin !== undefined)
      .filter((skin) => TONES.every((each) => skin.includes(each) === (each === tone)))
      .slice(0, 1),
  );
  if (found.length < TONES.length) return undefined;
  return found.every((skin, tone) => skin === inTone(emoji, tone + 1)) || found;
}
