/** The routes of moderators and admins, and the one by which people turn to them. */
import { type AuditAnswer, BODIES, type PersonAnswer, type ReportsAnswer } from "../../../shared/http-api.ts";
import { Refusal } from "../../errors.ts";
import type { Moderation } from "../../moderation/moderation.ts";
import type { Reports } from "../../moderation/reports.ts";
import type { RoomsDirectory } from "../../rooms/room-catalogue.ts";
import type { Callers } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import { pageBefore, pageLimit, toPosition } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

export type ModerationRoutesDeps = {
  moderation: Moderation;
  reports: Reports;
  rooms: Pick<RoomsDirectory, "find">;
  callers: Callers;
};

export function moderationRoutes({ moderation, reports, rooms, callers }: ModerationRoutesDeps) {
  const readMute = bodyReader(BODIES.mute);
  const readBan = bodyReader(BODIES.ban);
  const readRole = bodyReader(BODIES.role);
  const readReport = bodyReader(BODIES.report);

  /** Who calls comes first: a stranger learns nothing about bodies, a user nothing about users. */
  const act =
    (work: (by: string, call: Call) => Promise<void>) =>
    async (call: Call): Promise<Answer> => {
      const { userId } = callers.user(call);
      await work(userId, call);
      return noContent();
    };

  return {
    async person(call: Call): Promise<Answer> {
      const { userId } = callers.user(call);
      return json(200, (await reports.person(userId, call.parameter)) satisfies PersonAnswer);
    },

    mute: act(async (by, call) => moderation.mute(by, call.parameter, await readMute(call))),
    unmute: act((by, call) => moderation.unmute(by, call.parameter)),
    ban: act(async (by, call) => moderation.ban(by, call.parameter, await readBan(call))),
    unban: act((by, call) => moderation.unban(by, call.parameter)),
    setRole: act(async (by, call) => moderation.setRole(by, call.parameter, (await readRole(call)).role)),

    report: act(async (by, call) => {
      const { reason } = await readReport(call);
      const room = await rooms.find(call.parameter);
      if (room === undefined) throw new Refusal("no_such_room");
      await reports.report(by, room, toPosition(call.second, "seq"), reason);
    }),
    handleReport: act((by, call) => reports.handle(by, call.parameter)),

    async reports(call: Call): Promise<Answer> {
      const { userId } = callers.user(call);
      const page = await reports.open(userId, pageBefore(call.query), pageLimit(call.query));
      return json(200, page satisfies ReportsAnswer);
    },

    async audit(call: Call): Promise<Answer> {
      const { userId } = callers.user(call);
      const page = await reports.acts(userId, pageBefore(call.query), pageLimit(call.query));
      return json(200, page satisfies AuditAnswer);
    },
  };
}
