/** The routes of moderators and admins, and the one by which people report to them. */
import { type AuditAnswer, BODIES, type PersonAnswer, type ReportsAnswer } from "../../../shared/http-api.ts";
import type { OpenReportsAnswer, RaidAnswer } from "../../../shared/moderation-answers.ts";
import type { Moderation } from "../../moderation/moderation.ts";
import type { Raids } from "../../moderation/raids.ts";
import type { Reports } from "../../moderation/reports.ts";
import { type Access, required } from "../../rooms/access.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import { pageBefore, pageLimit, toPosition } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

export type ModerationRoutesDeps = {
  moderation: Moderation;
  reports: Reports;
  raids: Raids;
  access: Pick<Access, "find">;
  authentication: Authentication;
};

export function moderationRoutes({
  moderation,
  reports,
  raids,
  access,
  authentication,
}: ModerationRoutesDeps) {
  const readMute = bodyReader(BODIES.mute);
  const readBan = bodyReader(BODIES.ban);
  const readRole = bodyReader(BODIES.role);
  const readHandling = bodyReader(BODIES.handleReport);
  const readRaid = bodyReader(BODIES.raid);
  const readReport = bodyReader(BODIES.report);

  /**
   * Authenticates first, so that a guest learns nothing about bodies; `work` checks the role before the target, so that
   * a user learns nothing about other users.
   */
  const act =
    (work: (by: string, call: Call) => Promise<void>) =>
    async (call: Call): Promise<Answer> => {
      const { userId } = authentication.requireUser(call);
      await work(userId, call);
      return noContent();
    };

  return {
    async person(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      return json(200, (await reports.person(userId, call.parameters[0])) satisfies PersonAnswer);
    },

    mute: act(async (by, call) => moderation.mute(by, call.parameters[0], await readMute(call))),
    unmute: act((by, call) => moderation.unmute(by, call.parameters[0])),
    ban: act(async (by, call) => moderation.ban(by, call.parameters[0], await readBan(call))),
    unban: act((by, call) => moderation.unban(by, call.parameters[0])),
    setRole: act(async (by, call) => moderation.setRole(by, call.parameters[0], (await readRole(call)).role)),

    report: act(async (by, call) => {
      const { reason } = await readReport(call);
      const room = required(await access.find(by, call.parameters[0]));
      await reports.report(by, room, toPosition(call.parameters[1], "seq"), reason);
    }),
    actOnReport: act(async (by, call) => reports.act(by, call.parameters[0], await readHandling(call))),
    async openReports(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      return json(200, { open: await reports.count(userId) } satisfies OpenReportsAnswer);
    },
    async raid(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const raid = await raids.show(userId);
      return json(200, (raid ? { raid } : {}) satisfies RaidAnswer);
    },
    beginRaid: act(async (by, call) => raids.begin(by, (await readRaid(call)).minutes)),
    endRaid: act((by) => raids.end(by)),
    handleReport: act((by, call) => reports.handle(by, call.parameters[0])),

    async reports(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const page = await reports.open(userId, pageBefore(call.query), pageLimit(call.query));
      return json(200, page satisfies ReportsAnswer);
    },

    async audit(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const page = await reports.acts(userId, pageBefore(call.query), pageLimit(call.query));
      return json(200, page satisfies AuditAnswer);
    },
  };
}
