/** The route by which a user finds another one by the nickname, to invite or to write to. */
import type { UserAnswer } from "../../../shared/http-api.ts";
import { NICKNAME_CHARS } from "../../../shared/limits.ts";
import type { PublicUser } from "../../../shared/server-frames.ts";
import { checkNickname } from "../../accounts/nickname.ts";
import { Refusal } from "../../errors.ts";
import type { HttpLimits } from "../../limits/http-rate-limits.ts";
import type { Authentication } from "../authenticate.ts";
import { searchText } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json } from "../response.ts";

export type UserRoutesDeps = {
  users: { findByKey: (key: string) => Promise<PublicUser | undefined> };
  limits: Pick<HttpLimits, "findUser">;
  authentication: Authentication;
};

/** A nickname may have several code units for each character. */
const UNITS_MAX = NICKNAME_CHARS * 20;

export function userRoutes({ users, limits, authentication }: UserRoutesDeps) {
  return {
    /** Names that read alike are one; no part of a name finds anybody. */
    async find(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const nickname = checkNickname(searchText(call.query, "nickname", UNITS_MAX));
      await limits.findUser(userId);
      const user = nickname.ok ? await users.findByKey(nickname.value.key) : undefined;
      if (user === undefined) throw new Refusal("no_such_user");
      return json(200, { user } satisfies UserAnswer);
    },
  };
}
