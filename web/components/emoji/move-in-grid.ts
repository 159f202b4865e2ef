/** Arrow keys for buttons in rows of equal length, as many as fit. */

/** Home and End reach the first and the last. @param above called for the way up from the first row. */
export function moveInGrid(event: KeyboardEvent & { currentTarget: Element }, above: () => void) {
  const { key, currentTarget, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = [...currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(target as HTMLButtonElement);
  const columns = columnsOf(buttons);
  const steps = new Map([
    ["ArrowLeft", at - 1],
    ["ArrowRight", at + 1],
    ["ArrowUp", at - columns],
    ["ArrowDown", at + columns],
    ["Home", 0],
    ["End", buttons.length - 1],
  ]);
  const next = steps.get(key);
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  if (key === "ArrowUp" && next < 0) above();
  else buttons[next]?.focus();
}

function columnsOf(buttons: readonly HTMLElement[]): number {
  const second = buttons.findIndex(({ offsetTop }) => offsetTop !== buttons[0]?.offsetTop);
  return second < 0 ? buttons.length : second;
}
