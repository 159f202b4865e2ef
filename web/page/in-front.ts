/** Whether the person has the page before them: it is visible and has the focus. */

/** @param changed called now, and at each change. */
export function watchFront(view: Window, changed: (inFront: boolean) => void): void {
  const { document } = view;
  const look = () => changed(document.visibilityState === "visible" && document.hasFocus());
  document.addEventListener("visibilitychange", look);
  view.addEventListener("focus", look);
  view.addEventListener("blur", look);
  look();
}
