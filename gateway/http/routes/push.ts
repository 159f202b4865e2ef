/** The routes of notifications in this browser. */
import { BODIES } from "../../../shared/http-api.ts";
import type { PushSubscriptions } from "../../push/push-subscriptions.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

export type PushRoutesDeps = { subscriptions: PushSubscriptions; authentication: Authentication };

export function pushRoutes({ subscriptions, authentication }: PushRoutesDeps) {
  const read = bodyReader(BODIES.push);

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
  };
}
