/** Arrow keys for a group of buttons with one selected, as in tabs and choices. */

const STEPS = new Map([
  ["ArrowLeft", -1],
  ["ArrowUp", -1],
  ["ArrowRight", 1],
  ["ArrowDown", 1],
]);

/** @returns a handler for the container of the buttons. Wraps around; Home and End reach the first and the last. */
export function arrowKeys(moved: (button: HTMLButtonElement) => void = () => undefined) {
  return (event: KeyboardEvent & { currentTarget: Element }) => {
    const { key, currentTarget, target } = event;
    const buttons = [...currentTarget.querySelectorAll("button")];
    const at = buttons.indexOf(target as HTMLButtonElement);
    const step = STEPS.get(key);
    const next =
      key === "Home"
        ? 0
        : key === "End"
          ? -1
          : step !== undefined && at >= 0
            ? (at + step) % buttons.length
            : undefined;
    const button = next === undefined ? undefined : buttons.at(next);
    if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    button.focus();
    moved(button);
  };
}
