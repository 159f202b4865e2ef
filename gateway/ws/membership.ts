/** Requires a sender to be logged in and to have joined the room. */
import type { PublicUser } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import type { Socket } from "./connection.ts";

export type Membership = (socket: Socket, room: string) => PublicUser | Promise<PublicUser>;

/** @param exists tells a room that is not joined from one that does not exist. */
export function createMembership(exists: (room: string) => Promise<boolean>): Membership {
  const refuse = async (room: string): Promise<never> => {
    throw new Refusal((await exists(room)) ? "not_joined" : "no_such_room");
  };
  return (socket, room) => {
    const { user, rooms } = socket.getUserData().connection;
    if (!user) throw new Refusal("unauthenticated");
    return rooms.includes(room) ? user : refuse(room);
  };
}
