/** Scrolls to the row of a message once it is there, marks it for a moment, and moves the focus to it. */

/** Rows come with one of the next frames. */
const FRAMES = 60;
const MARKED_MS = 2_000;
/** Distances from the end that count as none, px. */
const AT_END_PX = 2;

/**
 * @param arrived called when the row is in view, with whether the list is at its end. A message that has no row of its own is shown by the
 * one before it.
 * @returns a function that gives up.
 */
export function showRow(seq: number, arrived: (isAtEnd: boolean) => void): () => void {
  let frame = requestAnimationFrame(look);
  let left = FRAMES;
  return () => cancelAnimationFrame(frame);

  function look() {
    left -= 1;
    const box = document.querySelector(".log");
    const row =
      box?.querySelector<HTMLElement>(`[data-seq="${seq}"]`) ?? (left > 0 ? undefined : nearest(box, seq));
    if (box && row) show(box, row);
    if (row || left <= 0) arrived(box !== null && isAtEnd(box));
    else frame = requestAnimationFrame(look);
  }
}

const isAtEnd = (box: Element) => box.scrollHeight - box.clientHeight - box.scrollTop < AT_END_PX;

function nearest(box: Element | null, seq: number): HTMLElement | undefined {
  const rows = [...(box?.querySelectorAll<HTMLElement>("[data-seq]") ?? [])];
  return rows.findLast((row) => Number(row.dataset.seq) <= seq) ?? rows[0];
}

function show(box: Element, row: HTMLElement) {
  row.scrollIntoView({ block: "center" });
  // At once, because the list takes the position that it holds from this event.
  box.dispatchEvent(new Event("scroll"));
  const button = row.querySelector<HTMLElement>(".more");
  if (!button) row.tabIndex = -1;
  (button ?? row).focus({ preventScroll: true });
  row.dataset.marked = "";
  setTimeout(() => delete row.dataset.marked, MARKED_MS);
}
