/** The people to choose from after an `@` in the field: those here and those who spoke lately, filtered during typing. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Role, RoomEvent } from "../../shared/server-frames.ts";
import { findMentions } from "../../shared/text.ts";
import type { Api } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import type { Author } from "../sync/replica.ts";
import type { App } from "./app.ts";
import { matching } from "./name-match.ts";

type MentionChoicesDeps = {
  api: Pick<Api, "people">;
  clock: Pick<Clock, "now">;
  /** The room on screen, and what is shown of it. */
  room: ReadonlySignal<string>;
  events: () => readonly RoomEvent[];
  me: ReadonlySignal<{ id: string } | undefined>;
  composer: Pick<App["composer"], "mayMention">;
  /** The people whom the draft mentions already. */
  chosen: () => readonly Author[];
};

/** A person, with their role in the cluster as far as it is known. */
type Choice = Author & { role?: Role | undefined };

const MAX_SHOWN = 6;
/** People here are asked for again after this time. */
const FRESH_MS = 10_000;
/** After what may be the beginning of a word, and no further than a name is long. */
const BEGUN = /(?<![\w.@])@([^@\n]{0,40})$/u;

export function createMentionChoices(deps: MentionChoicesDeps) {
  /** The place of the `@`, and the text from there to the cursor. */
  const begun = signal<{ at: number; typed: string } | undefined>(undefined);
  /** The place of an `@` whose list was closed. */
  let closedAt: number | undefined;
  const here = signal<{ room: string; people: readonly Choice[]; askedAt: number } | undefined>(undefined);
  const active = signal(0);

  const choices = computed<readonly Choice[]>(() => {
    const sought = begun.value;
    if (!sought || !deps.composer.mayMention.value) return [];
    const all = new Map<string, Choice>();
    for (const event of deps.events().toReversed())
      if (event.type === "message" && !event.deleted)
        all.set(event.user.id, all.get(event.user.id) ?? { ...event.user, role: event.role });
    // Those here last, because theirs are the present names.
    if (here.value?.room === deps.room.value)
      for (const person of here.value.people) all.set(person.id, person);
    all.delete(deps.me.value?.id ?? "");
    return matching([...all.values()], ({ nickname }) => nickname, sought.typed).slice(0, MAX_SHOWN);
  });

  return {
    choices,
    active: computed(() => Math.min(active.value, choices.value.length - 1)),
    look,
    move: (step: 1 | -1) => {
      const { length } = choices.value;
      if (length > 0) active.value = (active.value + step + length) % length;
    },
    /** Closes the list until another `@` is written. */
    close() {
      closedAt = begun.value?.at;
      begun.value = undefined;
    },
    clear() {
      begun.value = undefined;
      here.value = undefined;
    },
    /** @returns the text with the name of this person in place of what was typed, and where the cursor belongs. */
    complete(text: string, { nickname }: Author): { text: string; caret: number } | undefined {
      const sought = begun.value;
      if (!sought) return undefined;
      const before = `${text.slice(0, sought.at)}@${nickname} `;
      const after = text.slice(sought.at + 1 + sought.typed.length);
      begun.value = undefined;
      return { text: before + after.replace(/^ /, ""), caret: before.length };
    },
  };

  /** The text or the cursor in the field changed. */
  function look(text: string, caret: number): void {
    const found = BEGUN.exec(text.slice(0, caret));
    const at = found?.index;
    if (at !== closedAt) closedAt = undefined;
    const isChosen = at !== undefined && findMentions(text, deps.chosen()).some(({ start }) => start === at);
    const isNew = at !== undefined && !isChosen && at !== closedAt;
    batch(() => {
      const typed = found?.[1] ?? "";
      if (begun.value?.at !== at || begun.value?.typed !== typed) active.value = 0;
      begun.value = isNew ? { at, typed } : undefined;
    });
    if (isNew) void askWhoIsHere();
  }

  async function askWhoIsHere(): Promise<void> {
    const room = deps.room.value;
    const now = deps.clock.now();
    const known = here.value;
    if (known?.room === room && now - known.askedAt < FRESH_MS) return;
    here.value = { room, people: known?.room === room ? known.people : [], askedAt: now };
    const answer = await deps.api.people(room);
    if (answer.ok && here.value?.room === room)
      here.value = { room, people: answer.value.people, askedAt: now };
  }
}
