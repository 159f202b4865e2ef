/** The routes of the message that stands at the top of a room. */
import { BODIES } from "../../../shared/http-api.ts";
import type { PinAnswer } from "../../../shared/moderation-answers.ts";
import type { Pins } from "../../rooms/pins.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

export type PinRoutesDeps = { pins: Pins; authentication: Authentication };

export function pinRoutes({ pins, authentication }: PinRoutesDeps) {
  const readPin = bodyReader(BODIES.pin);

  return {
    async pin(call: Call): Promise<Answer> {
      const caller = authentication.optionalUser(call);
      const pinned = await pins.show(caller?.userId, call.parameters[0]);
      return json(200, (pinned === undefined ? {} : { pinned }) satisfies PinAnswer);
    },

    async putPin(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      await pins.pin(userId, call.parameters[0], (await readPin(call)).seq);
      return noContent();
    },

    async removePin(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      await pins.unpin(userId, call.parameters[0]);
      return noContent();
    },
  };
}
