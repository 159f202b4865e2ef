/** Finds the links of a text. Pure. */
import { LinkifyIt } from "linkify-it";

/** A part of a text. With `href` it is a link, shown as `shown`, which leads nowhere else. */
export type TextPart = { text: string; href?: string; shown?: string };

const finder = new LinkifyIt();

/** An address that ends with letters of a domain, and Korean that was written on without a space. */
const DOMAIN_THEN_HANGUL = /^(https?:\/\/[\x21-\x7e]*?[a-z\d](?::\d+)?)(?=\p{Script=Hangul})/iu;
/** The same behind a path: particles and the like. A path may have Hangul itself, so nothing else is cut off. */
const THEN_PARTICLE =
  /(?<=[\x21-\x7e])(?:은|는|이|가|을|를|에|의|로|으로|와|과|도|만|에서|까지|부터|이랑|랑|이나|라고|이라고|입니다|이에요|예요|이야|야)$/u;
/** Characters that nobody sees, or that change the order of others. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Z}]/u;

/** @returns the parts of a text in order. Joined, their `text` is the text. */
export function splitLinks(text: string): TextPart[] {
  if (!/https?:\/\//i.test(text)) return [{ text }];
  const parts: TextPart[] = [];
  let from = 0;
  for (const { index, raw } of finder.match(text) ?? []) {
    const found = withoutParticle(raw);
    const link = linkOf(found);
    if (!link || index < from) continue;
    if (index > from) parts.push({ text: text.slice(from, index) });
    parts.push({ text: found, ...link });
    from = index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

function withoutParticle(raw: string): string {
  const beforeHangul = DOMAIN_THEN_HANGUL.exec(raw)?.[1];
  const host = /^https?:\/\/([^/?#]*)/i.exec(raw)?.[1] ?? "";
  if (
    beforeHangul !== undefined &&
    beforeHangul.length < raw.length &&
    /\p{Script=Hangul}/u.test(host) &&
    /\.[a-z]+\p{Script=Hangul}/iu.test(host)
  )
    return beforeHangul;
  return raw.replace(THEN_PARTICLE, "");
}

/** @returns undefined for what may look like another address than it is: a name before an `@`, characters that are not seen. */
function linkOf(raw: string): { href: string; shown: string } | undefined {
  if (UNSEEN.test(raw) || !URL.canParse(raw)) return undefined;
  const { protocol, username, password, host, href } = new URL(raw);
  if (!/^https?:$/.test(protocol) || username !== "" || password !== "" || /@/.test(raw.split("/")[2] ?? ""))
    return undefined;
  // A domain is shown in the letters that the browser asks for, because other scripts have letters that look the same.
  const isAsTyped = raw.split(/[/?#\\]/)[2]?.toLowerCase() === host;
  return { href, shown: isAsTyped ? raw : href };
}
