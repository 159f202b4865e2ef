/** The news of followed rooms, as one call of follow.lua for those that are asked for together. */
import type { Commands } from "./connect.ts";
import { createGroupCommit } from "./group-commit.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type FollowStore = ReturnType<typeof openFollowStore>;

/** Up to where a caller knows a room. */
export type KnownRoom = { room: string; epoch: string; seq: number };
/** Something that changes what is unread: a message, with the users whom it speaks to; or deleted ones. */
export type RoomChange =
  | { kind: "message"; seq: number; author: string; spokenTo: string[] }
  | { kind: "deleted"; target: number }
  | { kind: "removed"; author: string; from: number; below: number };
export type RoomNewsOf =
  /** `follows`: the changes come after what the caller knows; otherwise they replace it, and are complete from `from` on. */
  | { epoch: string; seq: number; follows: boolean; from: number; changes: RoomChange[] }
  /** There is no such room in Redis. */
  | "absent"
  /** Nothing is new. */
  | "same";
/** `run`: of Redis. `announced`: the count of announced reads when the rooms were read. */
export type News = { run: string; announced: number; news: RoomNewsOf };

/** A batch of rooms may bring so many events of each. */
const MAX_ROOMS = 64;
const ROOM_BYTES = 100;
const FIELDS = 4;

/** @param maxEvents newest events of a room that are read at once. */
export function openFollowStore(redis: Commands, keys: RedisKeys, maxEvents: number) {
  const follow = openScript(redis, "follow");
  return { newsOf: createGroupCommit(newsOfAll, () => ROOM_BYTES, { maxItems: MAX_ROOMS }) };

  async function newsOfAll(rooms: KnownRoom[]): Promise<News[]> {
    const names = rooms.flatMap(({ room }) => [keys.room(room), keys.log(room)]);
    const known = rooms.flatMap(({ epoch, seq }) => [epoch, seq]);
    const [run, announced, ...replies] = (await follow.runBatch(
      [keys.readsCount, ...names],
      [maxEvents, ...known],
    )) as [string, number, ...(0 | [] | [string, string, number, string, ...string[]])[]];
    return replies.map((reply) => ({ run, announced, news: newsIn(reply) }));
  }
}

function newsIn(reply: 0 | [] | [string, string, number, string, ...string[]]): RoomNewsOf {
  if (reply === 0) return "same";
  const [epoch, seq, follows, from, ...fields] = reply;
  if (epoch === undefined) return "absent";
  const changes: RoomChange[] = [];
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) changes.push(changeIn(fields, at));
  return { epoch, seq: Number(seq), follows: follows === 1, from: Number(from), changes };
}

function changeIn(fields: string[], at: number): RoomChange {
  const [kind, seq, a = "", b = ""] = fields.slice(at, at + FIELDS);
  if (kind === "d") return { kind: "deleted", target: Number(a) };
  if (kind === "r") return { kind: "removed", author: a, from: Number(b), below: Number(seq) };
  return { kind: "message", seq: Number(seq), author: a, spokenTo: b === "" ? [] : b.trim().split(" ") };
}
