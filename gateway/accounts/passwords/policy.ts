/** What may be a password: long enough, and none that is guessed first. No rules of composition. */
import { PASSWORD_MAX, PASSWORD_MIN } from "../../../shared/limits.ts";
import { accepted, type Checked, refused } from "../field-check.ts";
import { isCommonPassword } from "./common-passwords.ts";

/**
 * The form that is hashed: NFC, since keyboards differ in how they compose a letter; nothing trimmed, cut or folded.
 * Length is counted in code points, as NIST SP 800-63B does.
 * @param own what everybody knows of this person (address, nickname): as a password it is as good as none.
 */
export function checkPassword(raw: string, own: readonly string[] = []): Checked<string> {
  const password = toNfc(raw);
  const length = [...password].length;
  if (length < PASSWORD_MIN) return refused("too_short");
  if (length > PASSWORD_MAX) return refused("too_long");
  const known = own.some((word) => word.trim().toLowerCase() === password.toLowerCase());
  return known || isCommonPassword(password) ? refused("too_common") : accepted(password);
}

/** The form in which any password, good or not, is compared. */
export const toNfc = (raw: string): string => raw.normalize("NFC");
