/** Finds the room that a path names. Everybody may look at it, but a token that is present must be valid. */
import { Refusal } from "../../errors.ts";
import type { RoomsDirectory } from "../../rooms/room-catalogue.ts";
import type { Authentication } from "../authenticate.ts";
import type { Call } from "../request.ts";

type Needs = { rooms: Pick<RoomsDirectory, "find">; authentication: Pick<Authentication, "optionalUser"> };

/** @returns a function that finds the room of a call. It throws Refusal `no_such_room`, or as `optionalUser`. */
export function findRoomOf({ rooms, authentication }: Needs) {
  return async (call: Call) => {
    authentication.optionalUser(call);
    const room = await rooms.find(call.parameters[0]);
    if (room === undefined) throw new Refusal("no_such_room");
    return room;
  };
}
