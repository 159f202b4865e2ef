/** The people in the room on screen: loaded while somebody looks at them, and again when their number changes. */
import { computed, effect, signal, untracked } from "@preact/signals";
import type { PeopleAnswer } from "../../shared/http-api.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import type { Api } from "../sync/api.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import type { Chat } from "./chat.ts";
import { matching } from "./name-match.ts";

export type PeopleDeps = {
  clock: Clock;
  api: Pick<Api, "people">;
  chat: Pick<Chat, "room">;
  /** Whether the page can be seen. */
  isVisible: () => boolean;
};

/** The shortest time between two requests for each person in the room, ms: a busy room asks as much of the cluster as a quiet one. */
const FOR_EACH_MS = 20;
const MIN_MS = 2_000;
const MAX_MS = 60_000;
/** Somebody may come as another one leaves, so the number alone does not tell. */
const AGAIN_MS = 30_000;

const RANKS = { admin: 0, moderator: 1, user: 2 };
const byName = new Intl.Collator();

export function createPeople({ clock, api, chat, isVisible }: PeopleDeps) {
  const found = signal<(PeopleAnswer & { room: string }) | undefined>(undefined);
  const failed = signal(false);
  const typed = signal("");
  /** The newest event, if it is a notice. */
  const lastNotice = computed(() => {
    const last = chat.room.value.log.value.events.at(-1);
    return last?.type === "notice" ? last.seq : undefined;
  });
  /** The room of the last request. */
  let asked: string | undefined;
  let watchers = 0;
  let loadedAt = Number.NEGATIVE_INFINITY;
  /** When the next request is sent; 0: none is planned. */
  let dueAt = 0;
  let stop: Cancel = () => undefined;
  let cancel: Cancel = () => undefined;

  const here = computed(() => (found.value?.room === chat.room.value.name ? found.value : undefined));
  const everybody = computed(() => here.value?.people.toSorted(inOrder));

  return {
    everybody,
    /** The named people whose name matches the filter, moderators first. Undefined until the first answer. */
    listed: computed(
      () => everybody.value && matching(everybody.value, ({ nickname }) => nickname, typed.value),
    ),
    guests: computed(() => here.value?.guests ?? 0),
    /** How many people are here beside those that the server named. */
    unnamed: computed(() => {
      const { value } = here;
      return value?.more
        ? Math.max(1, chat.room.value.counts.value.people - value.people.length - value.guests)
        : 0;
    }),
    failed: computed(() => failed.value),
    filter: computed(() => typed.value),
    setFilter(text: string) {
      typed.value = text;
    },
    /** The role of a person who is here, as far as it is known. */
    roleOf: (id: string) => here.value?.people.find((each) => each.id === id)?.role,
    load,
    watch,
  };

  /** Keeps the list up to date until the returned function is called. */
  function watch(): () => void {
    watchers += 1;
    if (watchers === 1) stop = effect(follow);
    return () => {
      watchers -= 1;
      if (watchers > 0) return;
      stop();
      cancel();
      asked = undefined;
      typed.value = "";
    };
  }

  /** Runs at each change of the room, of the number of people, and at a notice, which may be about one of them. */
  function follow() {
    const { name, counts } = chat.room.value;
    counts.value;
    lastNotice.value;
    untracked(() => {
      if (asked !== name) void load();
      else soon(paceMs());
    });
  }

  /** Spreads the requests of pages that learn of a change at the same moment. Keeps an earlier date. */
  function soon(waitMs: number) {
    const now = clock.now();
    const due = Math.max(now + clock.random() * paceMs(), loadedAt + waitMs);
    if (dueAt > now && dueAt <= due) return;
    cancel();
    dueAt = due;
    cancel = clock.after(due - now, () => {
      dueAt = 0;
      if (isVisible()) void load();
      else soon(AGAIN_MS);
    });
  }

  /** Asks the server. An answer for a room that was left meanwhile is dropped. */
  async function load(): Promise<void> {
    const { name } = chat.room.value;
    cancel();
    dueAt = 0;
    asked = name;
    loadedAt = clock.now();
    const answer = await api.people(name);
    if (chat.room.value.name !== name) return;
    failed.value = !answer.ok;
    if (answer.ok) found.value = { ...answer.value, room: name };
    if (watchers > 0) soon(Math.max(AGAIN_MS, paceMs()));
  }

  function paceMs(): number {
    return Math.min(MAX_MS, Math.max(MIN_MS, chat.room.value.counts.value.people * FOR_EACH_MS));
  }
}

const inOrder = (one: PublicUser, other: PublicUser): number =>
  RANKS[one.role] - RANKS[other.role] || byName.compare(one.nickname, other.nickname);
