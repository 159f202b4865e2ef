/** The routes of a user's own rooms: created and visited ones. */
import type { OwnRoomsAnswer } from "../../../shared/http-api.ts";
import type { HttpLimits } from "../../limits/http-rate-limits.ts";
import { type Access, required } from "../../rooms/access.ts";
import type { RoomList } from "../../rooms/room-list.ts";
import type { Authentication } from "../authenticate.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

/** @returns whether the user's list of rooms is another one now. */
type ChangeVisit = (userId: string, roomId: number) => Promise<boolean>;
export type OwnRoomRoutesDeps = {
  access: Pick<Access, "find">;
  roomList: Pick<RoomList, "own">;
  visits: { addVisit: ChangeVisit; removeVisit: ChangeVisit };
  /** Says so to the user's other devices. */
  onChanged: (userId: string) => Promise<void>;
  limits: Pick<HttpLimits, "visitRoom">;
  authentication: Authentication;
};

export function ownRoomRoutes(deps: OwnRoomRoutesDeps) {
  const { access, roomList, visits, onChanged, limits, authentication } = deps;
  const change =
    (work: ChangeVisit) =>
    async (call: Call): Promise<Answer> => {
      const { userId } = authentication.requireUser(call);
      await limits.visitRoom(userId);
      const { id } = required(await access.find(userId, call.parameters[0]));
      if (await work(userId, id)) await onChanged(userId);
      return noContent();
    };

  return {
    async list(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      return json(200, { rooms: await roomList.own(userId) } satisfies OwnRoomsAnswer);
    },
    /** Adds a visited room to the user's list. */
    visit: change(visits.addVisit),
    /** Removes a room from the user's list, unless the user created it. */
    leave: change(visits.removeVisit),
  };
}
