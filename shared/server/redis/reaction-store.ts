/**
 * Reactions in Redis: those of people are gathered, and appended to the room's log as one event in a while. Owns the bounds; the scripts
 * react.lua and append-reactions.lua own the rules.
 */
import { randomBytes } from "node:crypto";
import { Unavailable } from "../process/unavailable.ts";
import type { Commands } from "./connect.ts";
import { draftReactions } from "./event-draft.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { scriptError } from "./outages.ts";
import { openScript } from "./script.ts";

export type ReactionStore = ReturnType<typeof openReactionStore>;

/** `on`: whether the reaction is to be there. */
export type Reaction = { room: string; target: number; emoji: string; userId: string; on: boolean };
/**
 * PostgreSQL's answer about a message that the log does not know enough of. `exists` false: it has no such message that is not deleted; it
 * may be so new that it is in the log only.
 */
export type ArchivedReactions = { exists: boolean; isOn: boolean; emojis: readonly string[] };
/** `first`: counts against the rate of the user. `again`: it was gathered before, and Redis may have lost it. */
export type Attempt = "first" | "next" | "again";
/** `archived`: PostgreSQL must be asked. `restore`: the room must be restored first. */
export type Gathered =
  | { kind: "ok"; epoch: string }
  | { kind: "restore" | "archived" | "absent" | "full" | "busy" }
  | { kind: "too_fast"; waitMs: number };
/** `left`: changes that are gathered still; the next event may come after `waitMs`. */
export type AppendedReactions = { epoch: string; left: number; waitMs: number };

type Asked = Reaction & { attempt: Attempt; archived: ArchivedReactions | undefined };
type Pace = { perSecond: number; burst: number };

/** Min time between two events of a room. */
const PAUSE_MS = 1_000;
/** Max changes of an event: about 20 KB. */
const CHANGES = 400;
/** Max emojis of a message. */
const EMOJIS = 20;
/** Max changes that wait in a room: those of some ten seconds. */
const GATHERED = 5_000;
const ITEM_BYTES = 500;
const MAX_ITEMS = 128;

/** The keys of a room's reactions, for scripts that remove or restore the room. */
export const reactionKeys = (keys: RedisKeys, room: string): string[] => [
  keys.reacting(room),
  keys.reactionNotes(room),
  keys.reactionEmojis(room),
];

/** @param pace of a user; undefined: no limit. */
export function openReactionStore(redis: Commands, keys: RedisKeys, pace?: Pace) {
  const react = openScript(redis, "react");
  const append = openScript(redis, "append-reactions");

  return {
    /** Gathers a reaction. Reactions that come together share one call; each is answered alone. */
    gather: createGroupCommit(gatherAll, () => ITEM_BYTES, { maxItems: MAX_ITEMS }),

    /**
     * Appends what is gathered in a room, if it is time. Safe to call from anywhere, at any time.
     * @returns undefined when the room must be restored first.
     */
    async append(room: string): Promise<AppendedReactions | undefined> {
      const { prefix, suffix } = draftReactions(room, `r${randomBytes(9).toString("base64url")}`);
      const shard = keys.shardOf(room);
      const own = [keys.room(room), keys.log(room), keys.dirty(shard), keys.channel(room)];
      const reply = (await append.run(
        [...own, keys.tombstones(room), ...reactionKeys(keys, room)],
        [room, prefix, suffix, PAUSE_MS, CHANGES],
      )) as [] | [epoch: string, left: number, waitMs: number];
      const [epoch, left, waitMs] = reply;
      return epoch === undefined ? undefined : { epoch, left: Number(left), waitMs: Number(waitMs) };
    },
  };

  async function gatherAll(asked: Asked[]): Promise<(Gathered | Error)[]> {
    const names = asked.flatMap(({ room, userId }) => [
      ...[keys.room(room), keys.log(room), keys.tombstones(room)],
      ...[keys.reacting(room), keys.reactionEmojis(room), keys.reactionNotes(room)],
      keys.userReactions(userId),
    ]);
    const args = asked.flatMap(({ target, emoji, userId, on, attempt, archived }) => [
      ...[target, emoji, userId, on ? 1 : 0, attempt],
      ...[archivedWord(archived), archived?.emojis.join(" ") ?? ""],
    ]);
    const shared = [pace?.perSecond ?? 0, pace?.burst ?? 0, EMOJIS, GATHERED];
    const replies = (await react.runBatch(names, [...shared, ...args])) as [string, string | number][];
    return replies.map(gatheredOf);
  }
}

function archivedWord(archived: ArchivedReactions | undefined): string {
  if (!archived) return "";
  if (!archived.exists) return "none";
  return archived.isOn ? "1" : "0";
}

function gatheredOf([kind, more]: [string, string | number]): Gathered | Error {
  switch (kind) {
    case "ok":
      return { kind, epoch: String(more) };
    case "too_fast":
      return { kind, waitMs: Number(more) };
    case "restore":
    case "archived":
    case "absent":
    case "full":
    case "busy":
      return { kind };
    default:
      return kind === "failed" ? scriptError(String(more)) : new Unavailable(`react.lua answered ${kind}`);
  }
}
