/** Which web pages may speak for their user. */

/**
 * True for a page of this very host and for those on the list. A browser always says where a page comes from when it
 * matters; a caller that says nothing is no browser and carries no one's cookies.
 * @param origin header `origin`, empty when absent. @param host header `host`.
 */
export function isAllowedOrigin(origin: string, host: string, listed: readonly string[]): boolean {
  if (origin === "" || listed.includes(origin)) return true;
  const url = URL.parse(origin);
  return url !== null && host !== "" && url.origin === origin && url.host === host.toLowerCase();
}
