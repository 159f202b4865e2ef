/** Lets a socket into a room only if its user may know of the room, before and after the wait for it. */
import type { Join, Leave } from "../../../shared/client-frames.ts";
import { Refusal } from "../../errors.ts";
import type { Socket } from "../connection.ts";
import type { RoomDoor } from "../membership.ts";

type Joining = {
  join: (socket: Socket, frame: Join) => void | Promise<void>;
  leave: (socket: Socket, frame: Leave) => void;
};

export function guardJoins(
  { join, leave }: Joining,
  { mayRead }: Pick<RoomDoor, "mayRead">,
): Joining["join"] {
  return (socket, frame) => {
    const may = mayRead(userOf(socket), frame.room);
    if (may !== true) return lookUpFirst(socket, frame, may);
    const answered = join(socket, frame);
    return answered && leaveIfOut(socket, frame, answered);
  };

  async function lookUpFirst(socket: Socket, frame: Join, may: false | Promise<boolean>): Promise<void> {
    if (!(await may)) throw new Refusal("no_such_room");
    await leaveIfOut(socket, frame, join(socket, frame));
  }

  /** An answer may have taken time, in which the user was taken out of the room before the socket was in it. */
  async function leaveIfOut(socket: Socket, { room }: Join, answered: void | Promise<void>): Promise<void> {
    await answered;
    const may = mayRead(userOf(socket), room);
    if (may === true || (await may)) return;
    if (socket.getUserData().connection.rooms.includes(room)) leave(socket, { type: "leave", room });
    throw new Refusal("no_such_room");
  }
}

const userOf = (socket: Socket): string | undefined => socket.getUserData().connection.user?.id;
