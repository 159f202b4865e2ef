/**
 * The search in the room on screen: asks a moment after the last letter, page by page. An answer that a newer question has overtaken
 * is dropped. Owns what is found; the server owns what matches.
 */
import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { SearchAnswer } from "../../shared/search-api.ts";
import { wordsOf } from "../../shared/search-marks.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import type { SearchApi } from "../sync/search-api.ts";
import type { Ignored } from "./ignored.ts";
import type { Room } from "./room.ts";

/** `idle`: nothing to search for; `short`: no word has two letters; `busy`: too many searches, goes on by itself. */
type Progress = "idle" | "short" | "searching" | "done" | "busy" | "failed";
export type Hit = SearchAnswer["hits"][number];

export type SearchDeps = {
  clock: Pick<Clock, "after">;
  ask: SearchApi;
  chat: { room: ReadonlySignal<Room> };
  ignored: Pick<Ignored, "has">;
};

/** The pause after the last letter, ms: a syllable in composition is a letter like others. */
const REST_MS = 250;
/** Pages without a hit that follow each other by themselves: a search answers in bounded time, and what ignored people wrote is left out. */
const EMPTY_PAGES = 20;
const BUSY_MS = 2_000;

export function createSearch({ clock, ask, chat, ignored }: SearchDeps) {
  const typed = signal("");
  const progress = signal<Progress>("idle");
  const found = signal<readonly Hit[]>([]);
  const next = signal<number | undefined>(undefined);
  /** The hit that the person went to last. */
  const visited = signal<number | undefined>(undefined);
  let cancel: Cancel = () => undefined;
  /** Grows with each question, so that an answer knows whether it is late. */
  let asked = 0;

  const name = computed(() => chat.room.value.name);
  effect(() => {
    name.value;
    untracked(clear);
  });

  const hits = computed(() => {
    const room = chat.room.value;
    // A deletion changes the log, also one of a message that is not loaded.
    room.log.value;
    return found.value.filter(({ event }) => {
      const [now] = room.withTombstones([event]);
      return !ignored.has(event.user.id) && now?.type === "message" && !now.deleted;
    });
  });

  return {
    typed: computed(() => typed.value),
    progress: computed(() => progress.value),
    hits,
    /** Whether older messages have yet to be searched. */
    more: computed(() => next.value !== undefined),
    visited,
    setQuery,
    loadMore,
    retry: () => void load(next.peek()),
    clear,
  };

  function setQuery(text: string) {
    const before = wordsOf(typed.peek()).join(" ");
    typed.value = text;
    const words = wordsOf(text);
    if (words.join(" ") === before) return;
    forget();
    if (words.length === 0) return;
    if (!words.some((word) => [...word].length > 1)) progress.value = "short";
    else {
      progress.value = "searching";
      cancel = clock.after(REST_MS, () => void load(undefined));
    }
  }

  function loadMore() {
    if (progress.peek() === "done" && next.peek() !== undefined) void load(next.peek());
  }

  async function load(before: number | undefined, emptyPages = 0): Promise<void> {
    cancel();
    const question = ++asked;
    progress.value = "searching";
    const answer = await ask(name.peek(), wordsOf(typed.peek()).join(" "), before);
    if (question !== asked) return;
    if (!answer.ok) {
      const { code, retryAfterMs } = answer.problem;
      next.value = before;
      progress.value = code === "too_many_attempts" ? "busy" : "failed";
      if (progress.peek() === "busy")
        cancel = clock.after(retryAfterMs ?? BUSY_MS, () => void load(before, emptyPages));
      return;
    }
    const shown = hits.peek().length;
    found.value = [...found.peek(), ...answer.value.hits];
    next.value = answer.value.next;
    const isEmpty = hits.peek().length === shown;
    if (isEmpty && next.peek() !== undefined && emptyPages < EMPTY_PAGES)
      return load(next.peek(), emptyPages + 1);
    progress.value = "done";
  }

  function forget() {
    cancel();
    asked += 1;
    progress.value = "idle";
    found.value = [];
    next.value = undefined;
    visited.value = undefined;
  }

  /** Forgets the question too. */
  function clear() {
    typed.value = "";
    forget();
  }
}
