/** Choices for a word that is begun in the field: a list that is filtered during typing, and the one of them that is active. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";

type CompletionDeps<Choice> = {
  /** Matches the begun word before the cursor, from its sign on. Its one group is the part behind the sign. */
  word: RegExp;
  choicesFor: (typed: string) => readonly Choice[];
  /** Called whenever there is such a word. */
  began: () => void;
  /** Whether the word at this place is complete already. */
  isWhole?: (text: string, at: number) => boolean;
  /** The text that takes the place of the word. */
  written: (choice: Choice) => string;
  /** Takes the new text of the field. */
  chosen: (text: string, choice: Choice) => void;
};

export type Completion<Choice> = {
  choices: ReadonlySignal<readonly Choice[]>;
  /** The number of the active choice. */
  active: ReadonlySignal<number>;
  /** The text or the cursor in the field changed. */
  look: (text: string, caret: number) => void;
  move: (step: 1 | -1) => void;
  /** Closes the list until another word is begun. */
  close: () => void;
  clear: () => void;
  /** @returns the new text and where the cursor belongs. @param n of the choice; the active one without it. */
  complete: (text: string, n?: number) => { text: string; caret: number } | undefined;
};

const MAX_CHOICES = 6;

export function createCompletion<Choice>(deps: CompletionDeps<Choice>): Completion<Choice> {
  /** The place of the sign, and the text from there to the cursor. */
  const begun = signal<{ at: number; length: number; typed: string } | undefined>(undefined);
  /** The place of a word whose list was closed. */
  let closedAt: number | undefined;
  const wanted = signal(0);
  const choices = computed(() =>
    begun.value ? deps.choicesFor(begun.value.typed).slice(0, MAX_CHOICES) : [],
  );
  const active = computed(() => Math.min(wanted.value, choices.value.length - 1));

  return {
    choices,
    active,
    look,
    move(step) {
      const { length } = choices.value;
      if (length > 0) wanted.value = (active.value + step + length) % length;
    },
    close() {
      closedAt = begun.value?.at;
      begun.value = undefined;
    },
    clear() {
      begun.value = undefined;
    },
    complete(text, n = active.value) {
      const sought = begun.value;
      const choice = choices.value[n];
      if (!sought || choice === undefined) return undefined;
      const before = text.slice(0, sought.at) + deps.written(choice);
      const after = text.slice(sought.at + sought.length);
      const whole = before + (before.endsWith(" ") ? after.replace(/^ /, "") : after);
      begun.value = undefined;
      deps.chosen(whole, choice);
      return { text: whole, caret: before.length };
    },
  };

  function look(text: string, caret: number): void {
    const found = deps.word.exec(text.slice(0, caret));
    const at = found?.index;
    if (at !== closedAt) closedAt = undefined;
    const isNew = found && at !== closedAt && !deps.isWhole?.(text, found.index);
    const typed = found?.[1] ?? "";
    batch(() => {
      if (begun.value?.at !== at || begun.value?.typed !== typed) wanted.value = 0;
      begun.value = isNew ? { at: found.index, length: found[0].length, typed } : undefined;
    });
    if (isNew) deps.began();
  }
}
