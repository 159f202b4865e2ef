/** Arrow keys among a few buttons of which one is chosen, as one expects of tabs and of choices. */

const STEPS = new Map([
  ["ArrowLeft", -1],
  ["ArrowUp", -1],
  ["ArrowRight", 1],
  ["ArrowDown", 1],
]);

/** A handler for what holds the buttons. From the last one it goes on to the first; Home and End lead to these. */
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
