/** The routes that read reactions. */
import type { ReactionListAnswer, ReactionsAnswer } from "../../../shared/http-reactions.ts";
import { Refusal } from "../../errors.ts";
import { ipKey } from "../../limits/client-ip.ts";
import type { ReactionReads } from "../../messages/reactions/reaction-reads.ts";
import type { Access } from "../../rooms/access.ts";
import type { Authentication } from "../authenticate.ts";
import { toPosition, wholeNumber } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json } from "../response.ts";
import { findRoomOf } from "./room-of.ts";

export type ReactionRoutesDeps = {
  access: Pick<Access, "find">;
  reactions: ReactionReads;
  authentication: Authentication;
};

export function reactionRoutes(deps: ReactionRoutesDeps) {
  const { reactions, authentication } = deps;
  const roomOf = findRoomOf(deps);

  return {
    async count(call: Call): Promise<Answer> {
      const from = wholeNumber(call.query, "from", 0, Number.MAX_SAFE_INTEGER) ?? 0;
      const to = wholeNumber(call.query, "to", 0, Number.MAX_SAFE_INTEGER) ?? Number.MAX_SAFE_INTEGER;
      const name = await readable(call);
      const reader = authentication.optionalUser(call)?.userId;
      const answer = await reactions.count(name, { from, to }, reader, ipKey(call.device.ip));
      return json(200, answer satisfies ReactionsAnswer);
    },

    async list(call: Call): Promise<Answer> {
      const target = toPosition(call.parameters[1], "seq");
      const found = await reactions.list(await readable(call), target, ipKey(call.device.ip));
      return json(200, { reactions: found } satisfies ReactionListAnswer);
    },
  };

  async function readable(call: Call): Promise<string> {
    const { name, archived } = await roomOf(call);
    if (archived === "hidden") throw new Refusal("room_archived");
    return name;
  }
}
