import { useLayoutEffect, useRef } from "preact/hooks";
import type { Author } from "../../sync/replica.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Avatar } from "../ui/avatar.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

const LIST = "mention-choices";
const idOf = (person: Author): string => `mention-${person.id}`;
const fieldOf = (): HTMLTextAreaElement | undefined => {
  const field = document.getElementById("message");
  return field instanceof HTMLTextAreaElement ? field : undefined;
};

/** The list above the field after an `@`. The field keeps the focus; this listens to its keys before anybody else does. */
export function MentionChoices() {
  const { composer } = useApp();
  const mentionChoices = useOnDemand().mentions.choices;
  const words = useDialogWords().mentions;
  const choices = mentionChoices.choices.value;
  const active = choices[mentionChoices.active.value];
  const isOpen = choices.length > 0;
  /** Enter ended a syllable under way: the person is chosen when that is over. */
  const waits = useRef(false);

  useLayoutEffect(() => {
    const field = fieldOf();
    if (!field) return;
    setAttribute(field, "aria-controls", isOpen ? LIST : undefined);
    setAttribute(field, "aria-activedescendant", active && idOf(active));
    setAttribute(field, "aria-autocomplete", composer.mayMention.value ? "list" : undefined);
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
    <div class="mention-choices">
      {isOpen && (
        <div id={LIST} role="listbox" aria-label={words.choose}>
          {choices.map((person) => (
            <button
              key={person.id}
              id={idOf(person)}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={person === active}
              // Keeps the focus, and with it a phone's keyboard, in the field.
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(person)}
            >
              <Avatar user={person} />
              <bdi translate={false}>{person.nickname}</bdi>
              <RoleBadge role={person.role} short />
            </button>
          ))}
        </div>
      )}
      <span class="hidden" role="status">
        {active && words.chosen(active.nickname, choices.length)}
      </span>
    </div>
  );

  function looked({ target, type }: Event) {
    const field = fieldOf();
    if (!field || target !== field) return;
    if (type === "blur") mentionChoices.close();
    else mentionChoices.look(field.value, field.selectionStart);
  }

  function pressed(event: KeyboardEvent) {
    const { target, key, code } = event;
    const shown = mentionChoices.choices.value;
    if (target !== fieldOf() || shown.length === 0) return;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const isEnter = key === "Enter" || code === "Enter" || code === "NumpadEnter";
    if (key === "ArrowDown") mentionChoices.move(1);
    else if (key === "ArrowUp") mentionChoices.move(-1);
    else if (key === "Escape") mentionChoices.close();
    else if (isEnter && event.isComposing) waits.current = true;
    else if (isEnter || key === "Tab") choose(shown[mentionChoices.active.value]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Later, because the browser writes the syllable into the field behind this. */
  function ended() {
    if (!waits.current) return;
    setTimeout(() => {
      waits.current = false;
      choose(mentionChoices.choices.value[mentionChoices.active.value]);
    });
  }

  /** The line break that some input methods insert for the Enter that ended a syllable. */
  function inserted(event: InputEvent) {
    if (!waits.current || !/^insert(LineBreak|Paragraph)$/.test(event.inputType)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function choose(person: Author | undefined) {
    const field = fieldOf();
    const done = field && person && mentionChoices.complete(field.value, person);
    if (!field || !done) return;
    field.value = done.text;
    composer.change(done.text, person);
    field.setSelectionRange(done.caret, done.caret);
    field.focus();
  }
}

function setAttribute(field: Element, name: string, value: string | undefined) {
  if (value === undefined) field.removeAttribute(name);
  else field.setAttribute(name, value);
}
