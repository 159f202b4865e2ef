/** Decides which web pages may act for their user. */
import type { Log } from "../shared/server/process/logger.ts";

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

/** A page of an address that is not the own one cannot connect: its operator is told so often. */
const LOG_EVERY_MS = 3_600_000;
const FOREIGN_WORDS =
  "a page of another origin was refused: if people open that address, it is SUDA_PUBLIC_URL";

/** @returns the check for one gateway, which logs what it refuses, now and then. */
export function createOriginCheck(listed: readonly string[], log: Pick<Log, "warn">) {
  let loggedAt = Number.NEGATIVE_INFINITY;
  return (page: Page): boolean => {
    if (isAllowedOrigin(page, listed)) return true;
    if (performance.now() - loggedAt > LOG_EVERY_MS) {
      loggedAt = performance.now();
      log.warn(
        { origin: page.origin.slice(0, 300), own: page.host, scheme: page.forwardedProto },
        FOREIGN_WORDS,
      );
    }
    return false;
  };
}

/** @returns the origin as browsers write it: lower case, A-labels, no default port; undefined for anything else. */
const normalOrigin = (text: string): string | undefined =>
  ORIGIN.test(text) ? URL.parse(text)?.origin : undefined;
