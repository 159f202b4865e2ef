/** Requests of moderators that come with the script of on-demand parts, beside those of api.ts. */
import type { HandleReportBody, HistoryAnswer } from "../../shared/http-api.ts";
import type { OpenReportsAnswer, RaidAnswer } from "../../shared/moderation-answers.ts";
import type { Api } from "./api.ts";
import { API } from "./urls.ts";

export type ModerationApi = ReturnType<typeof createModerationApi>;

/** Messages before and behind a reported one that are shown with it. */
const AROUND = 3;

export function createModerationApi({ asUser: ask }: Pick<Api, "asUser">) {
  return {
    openReports: () => ask<OpenReportsAnswer>("GET", "/api/reports/open"),
    actOnReport: (id: string, body: HandleReportBody) => ask<undefined>("POST", API.report(id), body),
    /** The event with a few before and behind it, ascending. */
    context: (room: string, seq: number) =>
      ask<HistoryAnswer>("GET", API.messages(room, seq + AROUND + 1, 2 * AROUND + 1)),
    raid: () => ask<RaidAnswer>("GET", "/api/raid"),
    beginRaid: (minutes: number) => ask<undefined>("PUT", "/api/raid", { minutes }),
    endRaid: () => ask<undefined>("DELETE", "/api/raid"),
  };
}
