/** Whether the person has the page before them: it is visible and has the focus. */

export const isInFront = ({ document }: Pick<Window, "document">): boolean =>
  document.visibilityState === "visible" && document.hasFocus();

/** @param changed called now, and at each change. */
export function watchFront(view: Window, changed: (inFront: boolean) => void): void {
  const { document } = view;
  const look = () => changed(isInFront(view));
  document.addEventListener("visibilitychange", look);
  view.addEventListener("focus", look);
  view.addEventListener("blur", look);
  look();
}
