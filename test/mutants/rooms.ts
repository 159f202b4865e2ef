/** Faults in the limits and the list of rooms, and in closing them. */
import type { Mutant } from "./mutant.ts";

const LIST_TESTS = "gateway/http/room-list.int.test.ts";
const CLOSING_TESTS = "gateway/http/room-closing.int.test.ts";
const CLOSED_TESTS = "gateway/room-log/closed-room.int.test.ts";
const WORKER_TESTS = "worker/closed-rooms.int.test.ts";

const OWN_CAP = [LIST_TESTS, "a user makes as many as one may, also when they ask for all at once"] as const;
const STOPPED = [
  CLOSING_TESTS,
  "takes nothing any more, and all that was said is read, stored or not",
] as const;
const ANEW = [
  CLOSING_TESTS,
  "leaves its name to another one, in which no seq and no client id of it counts",
] as const;

export const rooms: readonly Mutant[] = [
  {
    what: "a user may make any number of rooms",
    place: "gateway/createRoomQueries",
    find: 'if (counted?.plain && counted.own >= roomLimits.perUser) return "user_cap";',
    replace: "",
    seenBy: [OWN_CAP],
  },
  {
    what: "rooms are made several at a time, past the caps",
    place: "gateway/createRoomQueries",
    find: "select pg_advisory_xact_lock(",
    replace: "select abs(",
    seenBy: [OWN_CAP],
  },
  {
    what: "a page of the list has more than was asked for",
    place: "gateway/createRoomList",
    find: "listed.slice(0, limit)",
    replace: "listed.slice()",
    seenBy: [[LIST_TESTS, "of 2,000 rooms is bounded, and its pages hold each room once"]],
  },
  {
    what: "an archived room goes on in Redis",
    place: "createRoomClosing",
    find: "if (!room.archived) await scripts.seal(name);",
    replace: "",
    seenBy: [STOPPED],
  },
  {
    what: "an archived room is restored as any other",
    place: "createRecovery",
    find: 'if (held.archived) throw new Refusal("room_archived");',
    replace: "",
    seenBy: [STOPPED],
  },
  {
    what: "members of a closed room stay where they are",
    place: "gateway/createRoom",
    find: "deps.onClosed(code);",
    replace: "",
    seenBy: [[CLOSED_TESTS, "a room that was %s while the bus was silent is found out by its log"]],
  },
  {
    what: "a client id of a deleted room counts in the next one",
    place: "append.lua",
    find: "if known and tonumber(known) > room.born then",
    replace: "if known then",
    seenBy: [ANEW],
  },
  {
    what: "seqs of a deleted room are given again",
    place: "0007_rooms.sql",
    find: "coalesce(max(last_seq) + 1000000, 0)",
    replace: "0",
    seenBy: [ANEW],
  },
  {
    what: "a log that Redis brings back is the next room's",
    place: "restore.lua",
    find: "if born > 0 and tonumber(state[2] or 0) <= born then",
    replace: "if false then",
    seenBy: [[CLOSING_TESTS, "stays gone when Redis comes back with it"]],
  },
  {
    what: "the worker writes into the next room what was said in the deleted one",
    place: "writeBatch",
    find: 'return seq > home.bornSeq ? home.id : "deleted";',
    replace: "return home.id;",
    seenBy: [[WORKER_TESTS, "a message of a deleted room is not written into the next one of its name"]],
  },
  {
    what: "Redis lets go of what PostgreSQL does not have yet",
    place: "drop.lua",
    find: "or redis.call('HEXISTS', dirty, name) == 1",
    replace: "",
    seenBy: [
      [WORKER_TESTS, "Redis lets go of an archived room once PostgreSQL has all of it, and not before"],
    ],
  },
];
