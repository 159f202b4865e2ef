/** Validates and normalizes e-mail addresses, by the same function on both sides of the wire. Does not check that mail arrives. */
import { EMAIL_MAX } from "./limits.ts";

/** `email` is for display. `key` is unique: in lower case, because mail hosts ignore the case of a local part, with the domain in A-labels. */
type Email = { email: string; key: string };
export type ParsedEmail = { ok: true; value: Email } | { ok: false; code: "bad_format" | "too_long" };

/** White space and invisible characters, because direction marks and zero-width characters are copied along with an address. */
const AROUND = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}]+|[\s\p{Default_Ignorable_Code_Point}\p{Cf}]+$/gu;
/**
 * The grammar of `<input type="email">` (HTML standard), so that browser and server agree, with two differences: the
 * domain has a dot, and a local part is at most 64 long (RFC 5321).
 */
const SHAPE =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
const ASCII = /^[\0-\x7f]*$/;
/** Letters, marks and digits of any script, East Asian full stops, and joiners, which IDNA allows between certain letters. */
const WRITTEN = /^(?:[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]|\p{Join_Control})+$/u;
const NUMERIC = /\.[0-9]+$/;

/**
 * Full-width and half-width forms of ASCII, as some keyboards type them, count as ASCII. The local part must be ASCII;
 * the domain may be of any script.
 * @param raw as typed or pasted.
 */
export function parseEmail(raw: string): ParsedEmail {
  const email = plainWidth(raw.replace(AROUND, ""));
  const at = email.lastIndexOf("@");
  const domain = domainKey(email.slice(at + 1).toLowerCase());
  const key = `${email.slice(0, at + 1).toLowerCase()}${domain}`;
  if (email.length > EMAIL_MAX || key.length > EMAIL_MAX) return { ok: false, code: "too_long" };
  return SHAPE.test(key) ? { ok: true, value: { email, key } } : { ok: false, code: "bad_format" };
}

const plainWidth = (text: string): string =>
  text.replace(/[\uff01-\uff5e]/g, (wide) => wide.normalize("NFKC")).normalize("NFC");

/** The domain in A-labels. An invalid domain is returned unchanged, so that it does not match SHAPE. */
function domainKey(domain: string): string {
  if (ASCII.test(domain) || !WRITTEN.test(domain) || !URL.canParse(`http://${domain}`)) return domain;
  const host = new URL(`http://${domain}`).hostname;
  // Digits of any script become an IP address.
  return NUMERIC.test(host) ? domain : host;
}
