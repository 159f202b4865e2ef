/** What may be an e-mail address, decided by the same function on both sides of the wire. Whether mail arrives is not known here. */
import { EMAIL_MAX } from "./limits.ts";

/** `email` to show, `key` unique: lower case, since no mail host in use tells the cases of a local part apart; domain in A-labels. */
type Email = { email: string; key: string };
export type ParsedEmail = { ok: true; value: Email } | { ok: false; code: "bad_format" | "too_long" };

/** White space and what nobody sees: direction marks and zero-width characters come along when an address is copied. */
const AROUND = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}]+|[\s\p{Default_Ignorable_Code_Point}\p{Cf}]+$/gu;
/**
 * The grammar of `<input type="email">` (HTML standard), so that browser and server agree, with two differences: the
 * domain has a dot, and a local part is at most 64 long (RFC 5321).
 */
const SHAPE =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
const ASCII = /^[\0-\x7f]*$/;
/** Letters, marks and digits of any script, the dots of East Asia, and the joiners that IDNA judges by their neighbours. */
const WRITTEN = /^(?:[\p{L}\p{M}\p{N}.\u3002\uff0e\uff61-]|\p{Join_Control})+$/u;
const NUMERIC = /\.[0-9]+$/;

/**
 * @param raw as typed or pasted. Full and half width forms of ASCII, as some keyboards type them, are ASCII; a local
 * part has nothing beyond it, a domain may be of any script.
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

/** In A-labels. What is no domain stays as it is, and has no shape of an address then. */
function domainKey(domain: string): string {
  if (ASCII.test(domain) || !WRITTEN.test(domain) || !URL.canParse(`http://${domain}`)) return domain;
  const host = new URL(`http://${domain}`).hostname;
  // Digits of any script alone would be an address of the network.
  return NUMERIC.test(host) ? domain : host;
}
