/** The routes of notifications: in this browser, and of which rooms. */
import { BODIES } from "../../../shared/http-api.ts";
import type { PushSubscriptions } from "../../push/push-subscriptions.ts";
import type { RoomLevels } from "../../push/room-levels.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

export type PushRoutesDeps = {
  subscriptions: PushSubscriptions;
  roomLevels: RoomLevels;
  authentication: Authentication;
};

export function pushRoutes({ subscriptions, roomLevels, authentication }: PushRoutesDeps) {
  const read = bodyReader(BODIES.push);
  const readLevel = bodyReader(BODIES.level);

  return {
    async pushState(call: Call): Promise<Answer> {
      return json(200, await subscriptions.state(authentication.requireUser(call)));
    },
    async keepPush(call: Call): Promise<Answer> {
      const caller = authentication.requireUser(call);
      await subscriptions.keep(caller, await read(call));
      return noContent();
    },
    async removePush(call: Call): Promise<Answer> {
      await subscriptions.remove(authentication.requireUser(call));
      return noContent();
    },
    async levels(call: Call): Promise<Answer> {
      return json(200, await roomLevels.list(authentication.requireUser(call).userId));
    },
    async putLevel(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      await roomLevels.set(userId, call.parameters[0], (await readLevel(call)).level);
      return noContent();
    },
  };
}
