/** Decides which web pages may act for their user. */

/** The headers of a request that name the page it comes from; empty when absent. */
export type Page = {
  origin: string;
  host: string;
  /** Scheme of the client's request at a trusted proxy, `http` or `https`; empty without such a proxy. */
  forwardedProto: string;
};

/** Other values do not come from a trusted proxy. */
const SCHEME = /^https?$/i;
const ORIGIN = /^(https?):\/\/[^/\\?#@\s]+$/i;

/** @param req lends its headers, as uWebSockets.js does, until the first `await`. */
export const pageOf = (req: { getHeader: (name: string) => string }): Page => ({
  origin: req.getHeader("origin"),
  host: req.getHeader("host"),
  forwardedProto: req.getHeader("x-forwarded-proto"),
});

/**
 * True for a page of this host and for listed origins. A browser always sends the origin when it matters; a caller
 * without one is no browser and has nobody's cookies. `forwardedProto` decides the scheme of the own host; without it
 * both schemes are the own one, because nobody here knows what ended TLS. The default port of a scheme may be spelt out
 * or left away, on both sides.
 * @param listed origins as `URL` writes them.
 */
export function isAllowedOrigin({ origin, host, forwardedProto }: Page, listed: readonly string[]): boolean {
  if (origin === "") return true;
  const page = normalOrigin(origin);
  if (page === undefined) return false;
  if (listed.includes(page)) return true;
  const scheme = SCHEME.test(forwardedProto) ? forwardedProto : page.slice(0, page.indexOf(":"));
  return page === normalOrigin(`${scheme}://${host}`);
}

/** @returns the origin as browsers write it: lower case, A-labels, no default port; undefined for anything else. */
const normalOrigin = (text: string): string | undefined =>
  ORIGIN.test(text) ? URL.parse(text)?.origin : undefined;
