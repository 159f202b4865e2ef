import type { Author } from "../../sync/replica.ts";

const HUES = 8;
const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The first letter of the nickname on a colour that depends on the user id only. */
export function Avatar({ user }: { user: Author }) {
  const [first] = segmenter.segment(user.nickname);
  return (
    <span class={`avatar hue-${hueOf(user.id)}`} aria-hidden="true">
      {first?.segment}
    </span>
  );
}

/** The number of the colour of a user, which depends on the id only. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % HUES;
}
