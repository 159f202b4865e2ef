/** Whether the browser blocks cookies of this site, and storage with them, so that no session outlives the page. */
export function areCookiesBlocked(view: Pick<Window, "navigator" | "localStorage">): boolean {
  try {
    // Merely touching it throws where it is blocked; Chrome says `cookieEnabled` even then.
    return !view.navigator.cookieEnabled || view.localStorage === null;
  } catch {
    return true;
  }
}
