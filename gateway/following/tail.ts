/** The end of a followed room: the authors of its newest messages and the users they speak to, without their texts. Pure; counts unread messages. */
import { UNREAD_MAX } from "../../shared/limits.ts";
import type { RoomChange, RoomNewsOf } from "../../shared/server/redis/follow-store.ts";
import { createSpokenTo } from "./spoken-to.ts";

export type Tail = ReturnType<typeof createTail>;
/** `spokenTo`: ids of the users whom the message mentions or answers. */
export type Said = { seq: number; author: string; spokenTo: readonly string[] };
export type Counts = { unread: number; mentions: number };

/** More than UNREAD_MAX, because one's own messages do not count. */
export const TAIL_MESSAGES = 128;

export function createTail(room: string) {
  let epoch = "";
  let position = -1;
  let from = Number.POSITIVE_INFINITY;
  let said: { seq: number; author: string }[] = [];
  const spoken = createSpokenTo();

  return {
    room,
    get epoch(): string {
      return epoch;
    },
    /** The newest event that is known; -1: none yet. */
    get position(): number {
      return position;
    },
    /** The newest message, as far as the tail reaches back; 0: none. */
    get head(): number {
      return said.at(-1)?.seq ?? 0;
    },
    /** The seq from which on all messages are here. */
    get from(): number {
      return from;
    },

    /** Takes over what Redis says. @returns whether anything changed. */
    update(news: RoomNewsOf): boolean {
      if (news === "same" || (news === "absent" && position >= 0)) return false;
      if (news === "absent") {
        position = 0;
        return true;
      }
      if (!news.follows) {
        said = [];
        from = news.from;
      }
      // Of another epoch, in which messages may have been lost.
      if (news.epoch !== epoch) spoken.clear();
      for (const change of news.changes) apply(change);
      trim();
      epoch = news.epoch;
      position = news.seq;
      return true;
    },

    /** Whether older messages could change what this person has unread. */
    isTooShort: (read: number, user: string | undefined): boolean =>
      read + 1 < from && from > 1 && said.length < TAIL_MESSAGES && countsOf(read, user).unread < UNREAD_MAX,

    /** Adds the messages of the archive that lie before the tail, oldest first, as many as there are or as anybody needs. */
    extend(older: readonly Said[]): void {
      const below = said[0]?.seq ?? from;
      const added = older.filter(({ seq }) => seq < below);
      for (const { seq, spokenTo } of added) spoken.add(seq, spokenTo);
      said = [...added.map(({ seq, author }) => ({ seq, author })), ...said];
      from = 1;
      position = Math.max(position, said.at(-1)?.seq ?? 0);
      trim();
    },

    countsOf,
  };

  /** @param user undefined: a guest. */
  function countsOf(read: number, user: string | undefined): Counts {
    let unread = 0;
    for (let at = said.length - 1; at >= 0 && unread < UNREAD_MAX; at--) {
      const { seq, author } = said[at] as { seq: number; author: string };
      if (seq <= read) break;
      if (author !== user) unread++;
    }
    const mentions = user === undefined ? 0 : spoken.count(user, read);
    return { unread: Math.max(unread, mentions), mentions };
  }

  function apply(change: RoomChange): void {
    if (change.kind === "message") {
      const { seq, author, spokenTo } = change;
      said.push({ seq, author });
      spoken.add(
        seq,
        spokenTo.filter((user) => user !== author),
      );
    } else if (change.kind === "deleted") forget(({ seq }) => seq === change.target);
    else {
      const { author, from: first, below } = change;
      forget((each) => each.author === author && each.seq >= first && each.seq < below);
    }
  }

  function forget(isGone: (each: { seq: number; author: string }) => boolean): void {
    for (const each of said) if (isGone(each)) spoken.remove(each.seq);
    said = said.filter((each) => !isGone(each));
  }

  function trim(): void {
    if (said.length <= TAIL_MESSAGES) return;
    said = said.slice(-TAIL_MESSAGES);
    from = said[0]?.seq ?? from;
  }
}
