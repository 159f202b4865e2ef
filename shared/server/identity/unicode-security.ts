/**
 * Unicode's own data on lookalikes (UTS 39), read once at the start: which characters look like which, and which are in
 * use in the living languages of the world. The files keep the standard's version; nothing else here knows it.
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

/** Pairs of the standard: a character, and what it looks like (a prototype of one or more characters). */
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

/** Whether the standard allows a character in identifiers (Identifier_Status): in use today, and no mere form of another. */
export const isInUse = (char: string): boolean => ALLOWED.test(char);

/** What a text looks like, in prototypes; NFD in, NFD out. Two texts with one skeleton look alike. */
type Skeleton = (nfd: string) => string;

/**
 * The standard's skeleton: each character is replaced by its prototype. Some lines of the data speak of a letter with a
 * mark as of one character, which NFD takes apart before it can be looked up; they are made to hold as well.
 * @param more pairs beyond the standard's, looked at first.
 */
export function createSkeleton(more: readonly (readonly [string, string])[]): Skeleton {
  const prototypes = new Map([...CONFUSABLES, ...more]);
  const whole = new Map<string, string>();
  const once = (nfd: string): string => replaced(nfd, prototypes).normalize("NFD");
  // Twice, because what is added below, and by `more`, gives prototypes of the standard prototypes of their own.
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
