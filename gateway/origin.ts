/** Which web pages may speak for their user. */

/** What a request says about the page that it comes from, header by header; empty when absent. */
export type Page = {
  origin: string;
  host: string;
  /** `http` or `https` as the client came to a trusted proxy; empty when no such proxy spoke. */
  forwardedProto: string;
};

/** Empty or odd: nobody that is trusted spoke. */
const SCHEME = /^https?$/i;
const ORIGIN = /^(https?):\/\/[^/\\?#@\s]+$/i;

/** @param req lends its headers, as uWebSockets.js does, until the first `await`. */
export const pageOf = (req: { getHeader: (name: string) => string }): Page => ({
  origin: req.getHeader("origin"),
  host: req.getHeader("host"),
  forwardedProto: req.getHeader("x-forwarded-proto"),
});

/**
 * True for a page of this very host and for those on the list. A browser always says where a page comes from when it
 * matters; a caller that says nothing is no browser and carries no one's cookies.
 *
 * The proxy's word decides the scheme of the own host. Without it either scheme is the own one, because nobody here
 * knows what ended TLS. A port that its scheme implies may be spelt out or left away, on both sides.
 * @param listed origins as `URL` writes them.
 */
export function isAllowedOrigin({ origin, host, forwardedProto }: Page, listed: readonly string[]): boolean {
  if (origin === "") return true;
  const page = normalOrigin(origin);
  if (page === null) return false;
  if (listed.includes(page)) return true;
  const scheme = SCHEME.test(forwardedProto) ? forwardedProto : page.slice(0, page.indexOf(":"));
  return page === normalOrigin(`${scheme}://${host}`);
}

/** As browsers write it: lower case, A-labels, no port that the scheme implies. Null for what is no web origin. */
const normalOrigin = (text: string): string | null =>
  ORIGIN.test(text) ? (URL.parse(text)?.origin ?? null) : null;
