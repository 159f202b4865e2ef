/** The rules for a nickname. shared/server/identity/nickname-keys.ts owns when two nicknames are alike. */
import { NICKNAME_CHARS, NICKNAME_MIN } from "../../shared/limits.ts";
import { type NicknameKeys, nicknameKeys } from "../../shared/server/identity/nickname-keys.ts";
import { graphemes } from "../../shared/text.ts";
import { accepted, type Checked, refused } from "./field-check.ts";
import { isWritable } from "./nickname-characters.ts";
import { isReserved } from "./reserved-nicknames.ts";

/** `nickname` is shown; `key` and `skeleton` are unique: nicknames that share one of them count as the same. */
export type Nickname = NicknameKeys & { nickname: string };

const SPACES = /\p{Zs}+/gu;

/** Checks a nickname as typed: folds white space, normalizes to NFC. */
export function checkNickname(raw: string): Checked<Nickname> {
  const nickname = raw.normalize("NFC").replace(SPACES, " ").trim();
  if (!isWritable(nickname)) return refused("not_allowed");
  const length = graphemes(nickname);
  if (length < NICKNAME_MIN) return refused("too_short");
  if (length > NICKNAME_CHARS) return refused("too_long");
  if (isReserved(nickname)) return refused("not_allowed");
  return accepted({ nickname, ...nicknameKeys(nickname) });
}
