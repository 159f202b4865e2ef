/** Finds the room that a path names, for those who may know of it. A token that is present must be valid. */
import { type Access, required } from "../../rooms/access.ts";
import type { Authentication } from "../authenticate.ts";
import type { Call } from "../request.ts";

type Needs = { access: Pick<Access, "find">; authentication: Pick<Authentication, "optionalUser"> };

/** @returns a function that finds the room of a call. It throws Refusal `no_such_room`, or as `optionalUser`. */
export function findRoomOf({ access, authentication }: Needs) {
  return async (call: Call) => {
    const caller = authentication.optionalUser(call);
    return required(await access.find(caller?.userId, call.parameters[0]));
  };
}
