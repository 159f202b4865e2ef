/**
 * The only way in which a gateway changes private rooms and their members. Once a change has been answered, no gateway takes a
 * message of somebody who is out, even if Redis loses data, and their sockets leave the room on all gateways.
 */
import { randomBytes } from "node:crypto";
import type { RoomRole } from "../../shared/http-api.ts";
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { MembersStore } from "../../shared/server/redis/members-store.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import type { Control } from "../control/control-log.ts";
import { required } from "./access.ts";
import {
  createMemberQueries,
  type HeldCircle,
  type MemberQueries,
  type NewCircle,
} from "./member-queries.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";

export type CircleChanges = ReturnType<typeof createCircleChanges>;
type Deps = {
  sql: Sql;
  marks: Pick<MembersStore, "markChange">;
  scripts: Pick<RoomLogStore, "seal" | "drop">;
  directory: Pick<RoomsDirectory, "invalidate">;
  control: Pick<Control, "privateRoom">;
};
type Members = ReadonlyMap<string, RoomRole>;
type Work<T> = (held: HeldCircle, queries: MemberQueries, tx: Transaction) => Promise<T | typeof REMOVE>;

/** A work's result that removes the room with everything in it. */
export const REMOVE = Symbol("remove the room");

export function createCircleChanges({ sql, marks, scripts, directory, control }: Deps) {
  return {
    /**
     * Runs `work` with the room's row locked. A room without members is removed.
     * @returns the result of the work; undefined when the room was removed.
     * @throws Refusal `no_such_room`.
     */
    async change<T>(name: string, work: Work<T>): Promise<T | undefined> {
      const { done, before, after, version, removedUpTo } = await sql.begin(async (tx) => {
        const queries = createMemberQueries(tx);
        const held = required(await queries.hold(name));
        const done = await work(held, queries, tx);
        const left = done === REMOVE ? new Map<string, RoomRole>() : await queries.membersOf(held.id);
        const version = await queries.findVersion(held.id);
        const removedUpTo = left.size === 0 ? await remove(held, queries) : undefined;
        // Last, with the room locked: a read of the members from now on waits for the commit.
        await marks.markChange(name);
        return {
          done,
          before: held.members,
          after: left,
          version: removedUpTo === undefined ? version : FINAL,
          removedUpTo,
        };
      });
      await publish(name, version, before, after);
      if (removedUpTo !== undefined) await letGo(name, removedUpTo);
      return done === REMOVE ? undefined : (done as T);
    },

    /** Creates a room in the caller's transaction. @returns its id and name. */
    async create(tx: Transaction, room: Omit<NewCircle, "name">, members: Members): Promise<NewRoom> {
      const name = opaqueName(room.kind);
      const queries = createMemberQueries(tx);
      const id = await queries.addRoom({ ...room, name });
      for (const [userId, role] of members) await queries.addMember(id, userId, role);
      return { id, name };
    },

    /** To be called after the commit of a creation. */
    created: (name: string, members: Members): Promise<void> =>
      publish(name, members.size, new Map(), members),
  };

  async function publish(room: string, version: number, before: Members, after: Members): Promise<void> {
    directory.invalidate(room);
    const all = [...new Set([...before.keys(), ...after.keys()])];
    // A change of the room itself concerns all of its members.
    const sameMembers = all.every((id) => before.get(id) === after.get(id));
    const members = sameMembers ? all : all.filter((id) => before.get(id) !== after.get(id));
    const gone = [...before.keys()].filter((id) => !after.has(id));
    await control.privateRoom({ room, version, members, gone });
  }

  /** @returns the highest seq of the room, which nothing follows. */
  async function remove({ id, name, lastSeq }: HeldCircle, queries: MemberQueries): Promise<number> {
    const highest = Math.max(lastSeq, await scripts.seal(name));
    await queries.remove(id, highest);
    return highest;
  }

  /** The worker repeats it if this fails. */
  async function letGo(name: string, upTo: number): Promise<void> {
    try {
      await scripts.drop(name, upTo);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  }
}

type NewRoom = { id: number; name: string };

/** The version of a room that is gone: above all others. */
const FINAL = Number.MAX_SAFE_INTEGER;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Nobody can guess it: 130 random bits. */
function opaqueName(kind: HeldCircle["kind"]): string {
  const letters = [...randomBytes(26)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
  return `${kind === "direct" ? "d" : "p"}-${letters}`;
}
