/** Requires a sender to be logged in, to have joined the room, and to be still among those who may write in it. */
import type { PublicUser } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { Socket } from "./connection.ts";

export type Membership = (socket: Socket, room: string) => PublicUser | Promise<PublicUser>;
/** Whether a user may know of a room and write in it. A promise only where something has to be looked up. */
export type RoomDoor = {
  /** Says nothing about whether a public room exists. */
  mayRead: (userId: string | undefined, room: string) => boolean | Promise<boolean>;
  mayWrite: (userId: string, room: string) => true | Promise<boolean>;
  exists: (room: string) => Promise<boolean>;
};

export function createMembership({ mayRead, mayWrite, exists }: RoomDoor): Membership {
  return (socket, room) => {
    const { user, rooms } = socket.getUserData().connection;
    if (!user) throw new Refusal("unauthenticated");
    if (!rooms.includes(room)) return refuse(user.id, room);
    const may = mayWrite(user.id, room);
    return may === true ? user : admitted(user, may);
  };

  async function admitted(user: PublicUser, may: Promise<boolean>): Promise<PublicUser> {
    if (await may) return user;
    throw new Refusal("no_such_room");
  }

  async function refuse(userId: string, room: string): Promise<never> {
    // A room that is hidden costs this one question, as does a room that does not exist.
    const mayKnow = mayRead(userId, room);
    const isThere = (mayKnow === true || (await mayKnow)) && (await exists(room));
    throw new Refusal(isThere ? "not_joined" : "no_such_room");
  }
}
