import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { OpenDialog } from "../../state/dialogs.ts";
import { useApp, useWords } from "../app-context.ts";
import { Icon } from "./icons.tsx";
import { Toasts } from "./toasts.tsx";

type Props = { at: OpenDialog["at"]; title: string; children: ComponentChildren };

/** A modal dialog: the browser keeps the focus inside, gives it back afterwards, and closes on Escape. */
export function Dialog({ at, title, children }: Props) {
  const { dialogs } = useApp();
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const closed = () => dialogs.close(at);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Taken away without being closed first, it would keep the focus that it owes: a passive effect comes too late.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      class="dialog"
      data-screen={at}
      ref={dialog}
      aria-labelledby={titleId}
      onClose={closed}
      // Not a click: that would also be the end of selecting text from inside to outside.
      onPointerDown={(event) => event.target === dialog.current && closed()}
    >
      <div class="dialog-body">
        <header class="dialog-head">
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
