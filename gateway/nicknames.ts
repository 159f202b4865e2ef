/** What may be a nickname, and when two of them are the same. */
import { NICKNAME_CHARS, NICKNAME_LEAST } from "../shared/limits.ts";
import { graphemes } from "../shared/text.ts";
import { accepted, type Checked, refused } from "./checked.ts";

/** `nickname` is shown; `key` is unique: two nicknames with one key read alike. */
export type Nickname = { nickname: string; key: string };

/** Makes a symbol an emoji: the one invisible character that a name may hold. It counts for nothing in the key. */
const EMOJI_STYLE = /\ufe0f/g;
const SPACES = /\p{Zs}+/gu;
/**
 * Control, format (zero-width, bidi, tags), private, unassigned and lone surrogate code points, line ends, fillers
 * that look like nothing, and the blank Braille cell: with them a name could hide, break a line or pose as another.
 */
const NOT_ALLOWED = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Marks without a base, or more of them on one base than any living script stacks. */
const STACKED_MARKS = /^\p{M}|\p{M}{5,}/u;

/** Checks a nickname as typed: white space is folded, the rest is kept in NFC. */
export function checkNickname(raw: string): Checked<Nickname> {
  const nickname = raw.normalize("NFC").replace(SPACES, " ").trim();
  const visible = nickname.replace(EMOJI_STYLE, "");
  if (NOT_ALLOWED.test(visible) || STACKED_MARKS.test(visible)) return refused("not_allowed");
  const length = graphemes(nickname);
  if (length < NICKNAME_LEAST) return refused("too_short");
  if (length > NICKNAME_CHARS) return refused("too_long");
  return accepted({ nickname, key: nicknameKey(visible) });
}

/** NFKC with case folded. Upper before lower, since folding must meet `ß` with `SS` and final with other sigmas. */
function nicknameKey(visible: string): string {
  const folded = visible.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
  return folded.replaceAll("ς", "σ").replace(SPACES, " ").trim();
}
