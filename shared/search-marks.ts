/** Where the words of a search stand in a text, by the same function on both sides of the wire. */

/** `[start, length]` in UTF-16 units. */
export type Mark = [start: number, length: number];

/** @returns the words of a search, in NFC, without repeats. */
export const wordsOf = (query: string): string[] => [
  ...new Set(
    query
      .normalize("NFC")
      .split(/\s+/u)
      .filter((word) => word !== ""),
  ),
];

/** A text in lower case, and where each of its UTF-16 units stands in the original: a letter may become two. */
function fold(text: string): { folded: string; places: number[] } {
  let folded = "";
  const places: number[] = [];
  let at = 0;
  for (const char of text) {
    const low = char.toLowerCase();
    for (let unit = 0; unit < low.length; unit++) places.push(at);
    folded += low;
    at += char.length;
  }
  places.push(at);
  return { folded, places };
}

/** @returns all places of the words in a text, in any case, in order; those that touch are one. */
export function findMarks(text: string, words: readonly string[]): Mark[] {
  const { folded, places } = fold(text);
  const found: [from: number, to: number][] = [];
  for (const word of words.map((word) => fold(word).folded).filter((word) => word !== "")) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      const from = places[at] ?? 0;
      const last = places[at + word.length - 1] ?? from;
      // A mark never ends within a letter.
      const to = places.slice(at + word.length).find((place) => place > last) ?? text.length;
      found.push([from, to]);
    }
  }
  const marks: Mark[] = [];
  let end = -1;
  for (const [from, to] of found.sort(([a], [b]) => a - b)) {
    const last = marks.at(-1);
    if (last && from <= end) last[1] = Math.max(end, to) - last[0];
    else marks.push([from, to - from]);
    end = Math.max(end, to);
  }
  return marks;
}
