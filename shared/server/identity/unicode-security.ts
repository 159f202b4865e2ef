/**
 * Unicode's data on lookalikes (UTS 39), read once at start: pairs of confusable characters, and the characters in use in modern
 * languages. The data files alone hold the version of the standard.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const linesOf = (file: string): string[] =>
  readFileSync(join(import.meta.dirname, "unicode", file), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

const text = (hex: string): string =>
  String.fromCodePoint(
    ...hex
      .trim()
      .split(" ")
      .map((each) => Number.parseInt(each, 16)),
  );

/** Pairs of the standard: a character, and the prototype (one or more characters) that it looks like. */
export const CONFUSABLES: readonly (readonly [alike: string, prototype: string])[] = linesOf(
  "confusables.txt",
).flatMap((line) => {
  const [prototype = "", alike = ""] = line.split(";");
  return [...text(alike)].map((each) => [each, text(prototype)] as const);
});

const ranges = linesOf("identifier-status.txt").flatMap((line) => line.split(" "));
const ALLOWED = new RegExp(
  `^[${ranges.map((range) => range.replace(/[0-9A-F]+/g, "\\u{$&}").replace("..", "-")).join("")}]$`,
  "u",
);

/** Whether the standard allows a character in identifiers (Identifier_Status): in use today, and not a mere variant of another. */
export const isInUse = (char: string): boolean => ALLOWED.test(char);

/** Maps a text to the prototypes of its characters, NFD in, NFD out. Two texts with the same skeleton look alike. */
type Skeleton = (nfd: string) => string;

/**
 * The skeleton of the standard: each character is replaced by its prototype. NFD decomposes some characters of the data, so that a
 * lookup would miss them; pairs with the same effect are added for these.
 * @param more further pairs, which take precedence over the standard's.
 */
export function createSkeleton(more: readonly (readonly [string, string])[]): Skeleton {
  const prototypes = new Map([...CONFUSABLES, ...more]);
  const whole = new Map<string, string>();
  const once = (nfd: string): string => replaced(nfd, prototypes).normalize("NFD");
  // Twice, because the pairs added below and those in `more` map prototypes of the standard to other prototypes.
  const plain = (nfd: string): string => once(once(nfd));
  for (const [alike, prototype] of CONFUSABLES) {
    const apart = alike.normalize("NFD");
    if (apart === alike || plain(apart) === plain(prototype.normalize("NFD"))) continue;
    if ([...prototype.normalize("NFD")].length === 1) prototypes.set(prototype, once(apart));
    else whole.set(alike, prototype);
  }
  return (nfd) => plain(replaced(nfd.normalize("NFC"), whole).normalize("NFD"));
}

function replaced(from: string, by: ReadonlyMap<string, string>): string {
  let looks = "";
  for (const each of from) looks += by.get(each) ?? each;
  return looks;
}
