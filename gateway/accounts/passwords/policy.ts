/** The password policy: a min length, and none of the passwords that are guessed first. No rules of composition. */
import { PASSWORD_MAX, PASSWORD_MIN } from "../../../shared/limits.ts";
import { accepted, type Checked, refused } from "../field-check.ts";
import { isCommonPassword } from "./common-passwords.ts";

/**
 * Checks a password and returns it as it is hashed: NFC, because keyboards differ in how they compose a letter; nothing
 * trimmed, cut or folded. Length is counted in code points, as NIST SP 800-63B does.
 * @param own texts that everybody knows of this person (address, nickname), which are no passwords.
 */
export function checkPassword(raw: string, own: readonly string[] = []): Checked<string> {
  const password = toNfc(raw);
  const length = [...password].length;
  if (length < PASSWORD_MIN) return refused("too_short");
  if (length > PASSWORD_MAX) return refused("too_long");
  const known = own.some((word) => word.trim().toLowerCase() === password.toLowerCase());
  return known || isCommonPassword(password) ? refused("too_common") : accepted(password);
}

/** The form in which every password is compared, also one that the policy would refuse. */
export const toNfc = (raw: string): string => raw.normalize("NFC");
