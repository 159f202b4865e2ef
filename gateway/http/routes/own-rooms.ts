/** The routes of one's own rooms: those one made, and those one went to. */
import type { OwnRoomsAnswer } from "../../../shared/http-api.ts";
import { Refusal } from "../../errors.ts";
import type { HttpLimits } from "../../limits/http-rate-limits.ts";
import type { RoomsDirectory } from "../../rooms/room-catalogue.ts";
import type { RoomList } from "../../rooms/room-list.ts";
import type { Authentication } from "../authenticate.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

type ChangeVisit = (userId: string, roomId: number) => Promise<void>;
export type OwnRoomRoutesDeps = {
  rooms: Pick<RoomsDirectory, "find">;
  roomList: Pick<RoomList, "own">;
  visits: { addVisit: ChangeVisit; removeVisit: ChangeVisit };
  limits: Pick<HttpLimits, "visitRoom">;
  authentication: Authentication;
};

export function ownRoomRoutes({ rooms, roomList, visits, limits, authentication }: OwnRoomRoutesDeps) {
  const change =
    (work: (userId: string, roomId: number) => Promise<void>) =>
    async (call: Call): Promise<Answer> => {
      const { userId } = authentication.requireUser(call);
      await limits.visitRoom(userId);
      const room = await rooms.find(call.parameters[0]);
      if (room === undefined) throw new Refusal("no_such_room");
      await work(userId, room.id);
      return noContent();
    };

  return {
    async list(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      return json(200, { rooms: await roomList.own(userId) } satisfies OwnRoomsAnswer);
    },
    /** Who goes to a room finds it among their own from then on. */
    visit: change(visits.addVisit),
    /** One's own list is without it, unless one made it. */
    leave: change(visits.removeVisit),
  };
}
