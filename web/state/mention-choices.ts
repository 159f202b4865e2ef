/** The people to choose from after an `@` in the field: those here and those who spoke lately, filtered during typing. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type { Role, RoomEvent } from "../../shared/server-frames.ts";
import { findMentions } from "../../shared/text.ts";
import type { Api } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import type { Author } from "../sync/replica.ts";
import type { App } from "./app.ts";
import { type Completion, createCompletion } from "./completion.ts";
import { matching } from "./name-match.ts";

type MentionChoicesDeps = {
  api: Pick<Api, "people">;
  clock: Pick<Clock, "now">;
  /** The room on screen, and what is shown of it. */
  room: ReadonlySignal<string>;
  events: () => readonly RoomEvent[];
  me: ReadonlySignal<{ id: string } | undefined>;
  composer: Pick<App["composer"], "mayMention" | "change">;
  /** The people whom the draft mentions already. */
  chosen: () => readonly Author[];
};

/** A person, with their role in the cluster as far as it is known. */
export type PersonChoice = Author & { role?: Role | undefined };

/** People here are asked for again after this time. */
const FRESH_MS = 10_000;
/** After what may be the beginning of a word, and no further than a name is long. */
const BEGUN = /(?<![\w.@])@([^@\n]{0,40})$/u;

export function createMentionChoices(deps: MentionChoicesDeps): Completion<PersonChoice> {
  const here = signal<{ room: string; people: readonly PersonChoice[]; askedAt: number } | undefined>(
    undefined,
  );

  const completion = createCompletion<PersonChoice>({
    word: BEGUN,
    choicesFor,
    began: () => void askWhoIsHere(),
    isWhole: (text, at) => findMentions(text, deps.chosen()).some(({ start }) => start === at),
    written: ({ nickname }) => `@${nickname} `,
    chosen: deps.composer.change,
  });

  return {
    ...completion,
    clear() {
      completion.clear();
      here.value = undefined;
    },
  };

  function choicesFor(typed: string): readonly PersonChoice[] {
    if (!deps.composer.mayMention.value) return [];
    const all = new Map<string, PersonChoice>();
    for (const event of deps.events().toReversed())
      if (event.type === "message" && !event.deleted)
        all.set(event.user.id, all.get(event.user.id) ?? { ...event.user, role: event.role });
    // Those here last, because theirs are the present names.
    if (here.value?.room === deps.room.value)
      for (const person of here.value.people) all.set(person.id, person);
    all.delete(deps.me.value?.id ?? "");
    return matching([...all.values()], ({ nickname }) => nickname, typed);
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
