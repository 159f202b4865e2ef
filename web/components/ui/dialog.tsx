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
    // Closed before it is removed, because otherwise it would not give the focus back. A passive effect is too late.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      class="dialog"
      data-screen={at}
      ref={dialog}
      aria-labelledby={titleId}
      onClose={closed}
      // Not `onClick`, because selecting text from inside to outside also ends with a click.
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
