/** Whether the browser blocks cookies of this site, and storage with them, so that no session outlives the page. */
export function areCookiesBlocked(view: Pick<Window, "navigator" | "localStorage">): boolean {
  try {
    // A blocked storage throws when it is touched. Chrome claims `cookieEnabled` even then.
    return !view.navigator.cookieEnabled || view.localStorage === null;
  } catch {
    return true;
  }
}
