/** What may be an e-mail address, and when two of them are one account. Whether mail arrives is not known here. */
import { EMAIL_MOST } from "../shared/limits.ts";
import { accepted, type Checked, refused } from "./checked.ts";

/** `email` as typed; `key` in lower case is unique: no mail host in use tells the cases of a local part apart. */
export type Email = { email: string; key: string };

/**
 * The grammar of `<input type="email">` (HTML standard), so that browser and server agree, with two differences: the
 * domain has a dot, and a local part is at most 64 long (RFC 5321). Names beyond ASCII come as browsers write them.
 */
const SHAPE =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;

export function checkEmail(raw: string): Checked<Email> {
  const email = raw.trim();
  if (email.length > EMAIL_MOST) return refused("too_long");
  const key = email.toLowerCase();
  return SHAPE.test(key) ? accepted({ email, key }) : refused("bad_format");
}
