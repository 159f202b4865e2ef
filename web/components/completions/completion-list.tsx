import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Completion } from "../../state/completion.ts";

export type Option = { id: string; inside: ComponentChildren };
/** A list of choices as it is shown. */
export type Shown = { label: string; options: readonly Option[]; said: string };

const LIST = "completions";
type Any = Completion<unknown>;
const fieldOf = (): HTMLTextAreaElement | undefined => {
  const field = document.getElementById("message");
  return field instanceof HTMLTextAreaElement ? field : undefined;
};

/** @param completion the one that is shown. @param all that look at the text. */
type Props = { completion: Any; all: readonly Any[]; shown: Shown };

/** Choices above the field. The field keeps the focus; this listens to its keys before anybody else does. */
export function CompletionList(props: Props) {
  const { label, options, said } = props.shown;
  const active = options[props.completion.active.value];
  const isOpen = options.length > 0;
  /** Enter ended a syllable under way: the choice is taken when that is over. */
  const waits = useRef(false);
  /** For listeners that stay. */
  const now = useRef(props);
  now.current = props;

  useLayoutEffect(() => {
    const field = fieldOf();
    if (!field) return;
    setAttribute(field, "aria-controls", isOpen ? LIST : undefined);
    setAttribute(field, "aria-activedescendant", active?.id);
    setAttribute(field, "aria-autocomplete", "list");
  });

  useLayoutEffect(() => {
    const events = ["input", "keyup", "click", "blur"] as const;
    for (const name of events) document.addEventListener(name, looked, true);
    document.addEventListener("keydown", pressed, true);
    document.addEventListener("compositionend", ended, true);
    document.addEventListener("beforeinput", inserted, true);
    return () => {
      for (const name of events) document.removeEventListener(name, looked, true);
      document.removeEventListener("keydown", pressed, true);
      document.removeEventListener("compositionend", ended, true);
      document.removeEventListener("beforeinput", inserted, true);
    };
  }, []);

  return (
    <div class="completions">
      {isOpen && (
        <div id={LIST} role="listbox" aria-label={label}>
          {options.map(({ id, inside }, n) => (
            <button
              key={id}
              id={id}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={id === active?.id}
              // Keeps the focus, and with it a phone's keyboard, in the field.
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(n)}
            >
              {inside}
            </button>
          ))}
        </div>
      )}
      <span class="hidden" role="status">
        {said}
      </span>
    </div>
  );

  /** By the text as it is: the screen may be a frame older, and keys come faster than frames. */
  function open(): Any | undefined {
    return now.current.all.find(({ choices }) => choices.value.length > 0);
  }

  function looked({ target, type }: Event) {
    const field = fieldOf();
    if (!field || target !== field) return;
    for (const each of now.current.all)
      if (type === "blur") each.close();
      else each.look(field.value, field.selectionStart);
  }

  function pressed(event: KeyboardEvent) {
    const { target, key, code } = event;
    const completion = open();
    if (target !== fieldOf() || !completion) return;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const isEnter = key === "Enter" || code === "Enter" || code === "NumpadEnter";
    if (key === "ArrowDown") completion.move(1);
    else if (key === "ArrowUp") completion.move(-1);
    else if (key === "Escape") completion.close();
    else if (isEnter && event.isComposing) waits.current = true;
    else if (isEnter || key === "Tab") choose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Later, because the browser writes the syllable into the field behind this. */
  function ended() {
    if (!waits.current) return;
    setTimeout(() => {
      waits.current = false;
      choose();
    });
  }

  /** The line break that some input methods insert for the Enter that ended a syllable. */
  function inserted(event: InputEvent) {
    if (!waits.current || !/^insert(LineBreak|Paragraph)$/.test(event.inputType)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function choose(n?: number) {
    const field = fieldOf();
    const done = field && open()?.complete(field.value, n);
    if (!field || !done) return;
    field.value = done.text;
    field.setSelectionRange(done.caret, done.caret);
    field.focus();
  }
}

function setAttribute(field: Element, name: string, value: string | undefined) {
  if (value === undefined) field.removeAttribute(name);
  else field.setAttribute(name, value);
}
