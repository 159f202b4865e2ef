/**
 * The one door to rooms. Everybody may know of a public room, read it and write in it; its members may with a private one.
 * To anybody else a private room is a room that does not exist, in what is answered and in how long it takes.
 * The members come from the cache of room-catalogue.ts, which control events and heartbeats keep current; a message is
 * accepted on nothing older than the newest change that was acknowledged (shared/server/redis/members-store.ts).
 */
import { PRIVATE_NAME } from "../../shared/limits.ts";
import type { MembersStore } from "../../shared/server/redis/members-store.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { RoomsDirectory } from "./room-catalogue.ts";
import type { StoredRoom } from "./room-queries.ts";

export type Access = ReturnType<typeof createAccess>;
type AccessDeps = {
  directory: Pick<RoomsDirectory, "find" | "known" | "lookUp" | "lookUpSettled">;
  members: Pick<MembersStore, "readMark">;
};

/** Rooms whose mark is remembered; beyond that all are forgotten, and asked for again. */
const MAX_CONFIRMED = 20_000;

/** Whether a name is one of a private room, if there is a room of this name. */
export const isPrivateName = (name: string): boolean => PRIVATE_NAME.test(name);

/** @param userId undefined: a guest. */
export const isOpenTo = ({ circle }: StoredRoom, userId: string | undefined): boolean =>
  circle === undefined || (userId !== undefined && circle.members.has(userId));

/** Whether a member of a private room is its owner or moderator. */
export const moderates = ({ circle }: StoredRoom, userId: string): boolean => {
  const role = circle?.members.get(userId);
  return role === "owner" || role === "moderator";
};

export function createAccess({ directory, members }: AccessDeps) {
  /** The newest mark of each room under which its members were read. */
  const confirmed = new Map<string, string>();

  return {
    find,
    mayRead,
    findForWriting,
    mayModerate,

    /**
     * For frames that write in a room. Free for a public one; for a private one a question to Redis, and no query unless
     * its members have changed.
     * @returns true without a wait for a public room.
     * @throws Unavailable.
     */
    mayWrite: (userId: string, name: string): true | Promise<boolean> =>
      !isPrivateName(name) || findForWriting(userId, name).then((room) => room !== undefined),
  };

  /**
   * @returns the room, if there is one that this person may know of.
   * @throws Unavailable.
   */
  async function find(userId: string | undefined, name: string): Promise<StoredRoom | undefined> {
    if (!isPrivateName(name)) return directory.find(name);
    const known = directory.known(name);
    if (known && isOpenTo(known, userId)) return known;
    // Asked again even if the members are known, because one may have been added a moment ago, and because a stranger waits
    // for the same query as for a room that does not exist.
    const room = await directory.lookUp(name);
    return room && isOpenTo(room, userId) ? room : undefined;
  }

  /**
   * Whether nothing hides the room from this person. A public room is not looked up: whether it exists is found where it is
   * read.
   * @returns without a wait for a public room, and for a member of a private one in the cache.
   * @throws Unavailable.
   */
  function mayRead(userId: string | undefined, name: string): boolean | Promise<boolean> {
    if (!isPrivateName(name)) return true;
    const known = directory.known(name);
    if (known && isOpenTo(known, userId)) return true;
    return find(userId, name).then((room) => room !== undefined);
  }

  /**
   * The room of a member, with the members that every acknowledged change has left.
   * @throws Unavailable.
   */
  async function findForWriting(userId: string, name: string): Promise<StoredRoom | undefined> {
    const mark = await members.readMark(name);
    let room = confirmed.get(name) === mark ? directory.known(name) : undefined;
    if (room === undefined) {
      room = await directory.lookUpSettled(name);
      if (confirmed.size >= MAX_CONFIRMED) confirmed.clear();
      if (room) confirmed.set(name, mark);
    }
    return room && isOpenTo(room, userId) ? room : undefined;
  }

  /** A role in the cluster counts in public rooms, that in the room in a private one. @throws Unavailable. */
  function mayModerate({ id, role }: PublicUser, name: string): boolean | Promise<boolean> {
    if (!isPrivateName(name)) return role !== "user";
    return findForWriting(id, name).then((room) => room !== undefined && moderates(room, id));
  }
}

/** @throws Refusal `no_such_room`. */
export function required<T>(room: T | undefined): T {
  if (room === undefined) throw new Refusal("no_such_room");
  return room;
}
