/** Appends of one turn of the event loop, as one call of append.lua. */
import { DEDUPE_MS } from "../../limits.ts";
import type { Commands } from "./connect.ts";
import type { Draft } from "./event-draft.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { scriptError } from "./outages.ts";
import { openScript } from "./script.ts";
import { sentId } from "./sent-id.ts";

/** `fresh` false: the client id was sent before, and the seq is its first one. */
export type Appended = { seq: number; fresh: boolean };
type Reply = [] | [seq: number, fresh: number] | [error: string];

/** A bound of memory: some megabytes. */
const KNOWN_ROOMS = 10_000;
/** About the size of the keys and arguments of an event besides its JSON. */
const OVERHEAD_BYTES = 400;

export function openAppend(
  redis: Commands,
  keys: RedisKeys,
): (draft: Draft) => Promise<Appended | undefined> {
  const append = openScript(redis, "append");
  /** The keys that all events of a room have in common, because a busy room has many. */
  const known = new Map<string, string[]>();
  return createGroupCommit(appendAll, ({ suffix }) => OVERHEAD_BYTES + suffix.length);

  async function appendAll(drafts: Draft[]): Promise<(Appended | undefined | Error)[]> {
    const names: string[] = [];
    const notifying = drafts.filter(({ notified }) => notified?.length);
    const args: (string | number | Buffer)[] = [DEDUPE_MS, notifying.length];
    for (const { room, userId, clientId, prefix, suffix } of drafts) {
      for (const key of keysOf(room)) names.push(key);
      names.push(keys.sentBefore(room, userId, clientId));
      args.push(room, prefix, suffix, sentId(room, userId, clientId));
    }
    for (const draft of notifying) {
      names.push(keys.mentions(keys.shardOf(draft.room)));
      args.push(drafts.indexOf(draft) + 1, draft.userId, (draft.notified ?? []).join(" "));
    }
    const replies = (await append.runBatch(names, args)) as Reply[];
    return replies.map(appendedOf);
  }

  function keysOf(room: string): string[] {
    const found = known.get(room);
    if (found) return found;
    if (known.size >= KNOWN_ROOMS) known.clear();
    const shard = keys.shardOf(room);
    const made = [
      ...[keys.room(room), keys.log(room), keys.sent(shard), keys.dirty(shard)],
      ...[keys.channel(room), keys.clock(shard)],
    ];
    known.set(room, made);
    return made;
  }
}

function appendedOf([seq, fresh]: Reply): Appended | undefined | Error {
  if (typeof seq === "string") return scriptError(seq);
  return seq === undefined ? undefined : { seq, fresh: fresh === 1 };
}
