/**
 * Reacts to a message. Owns the order of the checks; react.lua owns the rules, gathering.ts when the reaction becomes part of an
 * event of the room.
 */
import { fullEmoji } from "../../../shared/emoji.ts";
import type { ArchivedReactions, Attempt, Reaction } from "../../../shared/server/redis/reaction-store.ts";
import type { RoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import type { Users } from "../../accounts/user-cache.ts";
import { Refusal } from "../../errors.ts";
import type { ArchiveQueries } from "../../history/archive-queries.ts";
import type { Gathering } from "./gathering.ts";
import type { ReactionQueries } from "./reaction-queries.ts";

export type React = (reaction: Reaction) => Promise<void>;
type Deps = {
  users: Pick<Users, "find">;
  gathering: Pick<Gathering, "gather">;
  archive: Pick<ArchiveQueries, "find">;
  queries: Pick<ReactionQueries, "findOne">;
  scripts: Pick<RoomLogStore, "deletedSeqs">;
};

/** A message that the log does not know takes two; two more if it leaves the log, or Redis restarts, in between. */
const MAX_ATTEMPTS = 4;
const BUSY_RETRY_MS = 2_000;

export function createReact({ users, gathering, archive, queries, scripts }: Deps): React {
  /**
   * Sets whether a reaction is there. When this resolves, Redis has it, and it becomes part of the room within some seconds.
   * @throws Refusal `invalid` for what is no emoji, `no_such_message`, `too_many_reactions`, `muted`, `too_fast`; Unavailable with an unknown outcome:
   * reacting again is safe.
   */
  return async (reaction) => {
    const emoji = fullEmoji(reaction.emoji);
    if (emoji === undefined) throw new Refusal("invalid");
    const { restricted } = await users.find(reaction.userId);
    if (restricted !== undefined)
      throw new Refusal("muted", { retryAfterMs: Math.max(1, restricted.until - Date.now()) });
    const full = { ...reaction, emoji };
    let archived: ArchivedReactions | undefined;
    let attempt: Attempt = "first";
    for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
      const gathered = await gathering.gather(full, attempt, archived);
      attempt = "next";
      switch (gathered.kind) {
        case "ok":
          return;
        case "archived":
          archived = await findArchived(full);
          break;
        case "absent":
          throw new Refusal("no_such_message");
        case "full":
          throw new Refusal("too_many_reactions");
        case "busy":
          throw new Refusal("too_fast", { retryAfterMs: BUSY_RETRY_MS });
        case "too_fast":
          throw new Refusal("too_fast", { retryAfterMs: gathered.waitMs });
      }
    }
    throw new Refusal("unavailable");
  };

  async function findArchived({ room, target, emoji, userId }: Reaction): Promise<ArchivedReactions> {
    // Read before the row: a later deletion is found by the script.
    const deleted = await scripts.deletedSeqs(room);
    const [event, known] = await Promise.all([
      archive.find(room, target),
      queries.findOne(room, target, emoji, userId),
    ]);
    const isThere = event?.kind === "message" && !event.deleted;
    const exists = isThere && !deleted.has(target, event.userId ?? undefined);
    return { exists, ...known };
  }
}
