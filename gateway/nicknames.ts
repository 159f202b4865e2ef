/** What may be a nickname. When two of them are one stands in shared/server/nickname-keys.ts. */
import { NICKNAME_CHARS, NICKNAME_LEAST } from "../shared/limits.ts";
import { type NicknameKeys, nicknameKeys } from "../shared/server/nickname-keys.ts";
import { graphemes } from "../shared/text.ts";
import { accepted, type Checked, refused } from "./checked.ts";
import { CLOSED_NICKNAME } from "./closed-accounts.ts";

/** `nickname` is shown; `key` and `skeleton` are unique: with one of them equal, two nicknames are one. */
export type Nickname = NicknameKeys & { nickname: string };

/** Makes a symbol an emoji: the one invisible character that a name may hold. */
const EMOJI_STYLE = /\ufe0f/g;
const SPACES = /\p{Zs}+/gu;
/**
 * Control, format (zero-width, bidi, tags), private, unassigned and lone surrogate code points, line ends, fillers
 * that look like nothing, and the blank Braille cell: with them a name could hide, break a line or pose as another.
 */
const NOT_ALLOWED = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** Marks without a base, or more of them on one base than any living script stacks. */
const STACKED_MARKS = /^\p{M}|\p{M}{5,}/u;
/** Nobody may pose as those who left. */
const NOBODY = nicknameKeys(CLOSED_NICKNAME).skeleton;

/** Checks a nickname as typed: white space is folded, the rest is kept in NFC. */
export function checkNickname(raw: string): Checked<Nickname> {
  const nickname = raw.normalize("NFC").replace(SPACES, " ").trim();
  const visible = nickname.replace(EMOJI_STYLE, "");
  if (NOT_ALLOWED.test(visible) || STACKED_MARKS.test(visible)) return refused("not_allowed");
  const length = graphemes(nickname);
  if (length < NICKNAME_LEAST) return refused("too_short");
  if (length > NICKNAME_CHARS) return refused("too_long");
  const keys = nicknameKeys(nickname);
  if (keys.skeleton === NOBODY) return refused("not_allowed");
  return accepted({ nickname, ...keys });
}
