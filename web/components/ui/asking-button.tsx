import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../app-context.ts";

type Props = { look: string; label: string; question: string; act: () => void };

/** A button for an action that cannot be undone or affects others. Asks for confirmation in its own place. */
export function AskingButton({ look, label, question, act }: Props) {
  const words = useWords();
  const [asks, setAsks] = useState<boolean | undefined>(undefined);
  const harmless = useRef<HTMLButtonElement>(null);

  // When the question opens or closes, the focus goes to the button without an effect.
  useLayoutEffect(() => {
    if (asks !== undefined) harmless.current?.focus();
  }, [asks]);

  if (!asks) {
    return (
      <button class={look} type="button" ref={harmless} onClick={() => setAsks(true)}>
        {label}
      </button>
    );
  }
  return (
    <fieldset
      class="asks"
      aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        // Closes the question, not the dialog around it.
        event.preventDefault();
        setAsks(false);
      }}
    >
      <span>{question}</span>
      <button
        class="button grave"
        type="button"
        onClick={({ detail }) => {
          // The second half of a double click was meant for the button that asked.
          if (detail > 1) return;
          setAsks(false);
          act();
        }}
      >
        {label}
      </button>
      <button class="button quiet" type="button" ref={harmless} onClick={() => setAsks(false)}>
        {words.cancel}
      </button>
    </fieldset>
  );
}
