/** What may be a password: its length and nothing else. */
import { PASSWORD_LEAST, PASSWORD_MOST } from "../shared/limits.ts";
import { accepted, type Checked, refused } from "./checked.ts";

/**
 * The form that is hashed: NFC, since keyboards differ in how they compose a letter; nothing trimmed, cut or folded.
 * Length is counted in code points, as NIST SP 800-63B does.
 */
export function checkPassword(raw: string): Checked<string> {
  const password = composed(raw);
  const length = [...password].length;
  if (length < PASSWORD_LEAST) return refused("too_short");
  if (length > PASSWORD_MOST) return refused("too_long");
  return accepted(password);
}

/** The form in which any password, good or not, is compared. */
export const composed = (raw: string): string => raw.normalize("NFC");
