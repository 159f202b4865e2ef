import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { OpenDialog } from "../../state/dialogs.ts";
import { useApp, useWords } from "../app-context.ts";
import { Icon } from "./icons.tsx";
import { Toasts } from "./toasts.tsx";

type Near = { left: number; top: number; bottom: number };
type Props = {
  at: OpenDialog["at"];
  title: string;
  /** `sheet`: at the lower edge of a phone. `card`: the same there, and beside `near` elsewhere. */
  look?: "sheet" | "card";
  near?: Near | undefined;
  /** Before the title, for the eye. */
  mark?: ComponentChildren;
  children: ComponentChildren;
};

/** The space that a card keeps from the edges and from its name, px. */
const GAP_PX = 8;

/** A modal dialog: the browser keeps the focus inside, gives it back afterwards, and closes on Escape. */
export function Dialog({ at, title, look, near, mark, children }: Props) {
  const { dialogs } = useApp();
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const closed = () => dialogs.close(at);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    if (shown && near) place(shown, near);
    // Closed before it is removed, because otherwise it would not give the focus back. A passive effect is too late.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      class={look ? `dialog ${look}` : "dialog"}
      data-screen={at}
      ref={dialog}
      aria-labelledby={titleId}
      onClose={closed}
      // Not `onClick`, because selecting text from inside to outside also ends with a click.
      onPointerDown={(event) => event.target === dialog.current && closed()}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          {mark}
          <h2 id={titleId}>{title}</h2>
          <button class="icon-button" type="button" aria-label={words.close} onClick={closed}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
      {/* Toasts outside a modal dialog would be dimmed, inert and not announced. */}
      <Toasts onTop />
    </dialog>
  );
}

/** Below the name, or above it where there is more room; always within the window. */
function place(dialog: HTMLElement, near: Near) {
  const { width, height } = dialog.getBoundingClientRect();
  const below = near.bottom + GAP_PX;
  const fits = below + height <= innerHeight - GAP_PX;
  const top = fits ? below : Math.min(near.top - height - GAP_PX, innerHeight - height - GAP_PX);
  const left = Math.min(near.left, innerWidth - width - GAP_PX);
  dialog.style.setProperty("--card-top", `${Math.max(GAP_PX, top)}px`);
  dialog.style.setProperty("--card-left", `${Math.max(GAP_PX, left)}px`);
  dialog.dataset.placed = "";
}
