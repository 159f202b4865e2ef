import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { restrictedField } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { createEnterSends } from "./enter-sends.ts";
import { SendButton } from "./send-button.tsx";
import { useTypingAnywhere } from "./use-typing-anywhere.ts";

/**
 * The message field. The browser owns the text during typing, because setting the value would break a composition. So
 * the field is set only when the draft changed elsewhere.
 */
export function WritingField() {
  const { composer, restriction, session } = useApp();
  const words = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const [enter] = useState(() => createEnterSends(say, (run) => setTimeout(run)));

  const limit = restriction.value;

  useLayoutEffect(show, [composer.draft.value, limit === undefined]);

  useTypingAnywhere(field);

  // Focuses the field, except where that would open a keyboard over the conversation, and for guests, who read first.
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches && session.state.value.at !== "guest") field.current?.focus();
  }, []);

  function say() {
    composer.say();
    // Immediately, not in the next frame, because a key pressed in between would bring the sent text back.
    show();
  }

  function show() {
    // A field that nobody may write in says how long; the draft comes back after that.
    const draft = restriction.value ? "" : composer.draft.value;
    if (field.current && field.current.value !== draft) field.current.value = draft;
  }

  return (
    <form
      class="writing"
      onSubmit={(event) => {
        event.preventDefault();
        enter.endThenSend(() => field.current?.blur());
        field.current?.focus();
      }}
    >
      <textarea
        id="message"
        class="input"
        ref={field}
        rows={1}
        dir="auto"
        enterkeyhint="send"
        autocomplete="off"
        aria-label={words.message}
        aria-describedby="composer-hint"
        aria-invalid={composer.problem.value !== undefined}
        placeholder={limit ? restrictedField(words, limit) : words.messagePlaceholder}
        disabled={limit !== undefined}
        onInput={(event) => composer.change(event.currentTarget.value)}
        onKeyDown={enter.keydown}
        onCompositionStart={enter.compositionStart}
        onCompositionEnd={enter.compositionEnd}
        onBeforeInput={enter.beforeInput}
      />
      <Slot part="EmojiButton" with={{}} fallback={<span class="icon-button" />} />
      <SendButton />
    </form>
  );
}
