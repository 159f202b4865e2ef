/** The open reports, and what moderators do about them. */
import type { HandleReportBody } from "../../shared/http-api.ts";
import type { MessageEvent } from "../../shared/server-frames.ts";
import type { Api } from "../sync/api.ts";
import type { ModerationApi } from "../sync/moderation-api.ts";
import { answered, createRemoteList } from "./remote-list.ts";
import type { Notification } from "./toasts.ts";

export type ReportsDeps = {
  api: Pick<Api, "reports" | "event">;
  more: Pick<ModerationApi, "actOnReport" | "context">;
  notify(notification: Notification): void;
  /** Called when a report was closed. */
  closed(): void;
};

export function createReportList({ api, more, notify, closed }: ReportsDeps) {
  const reports = createRemoteList(() => answered(api.reports(), (answer) => answer.reports));

  return { ...reports, act, context, textOf };

  /** @returns the text of the message, undefined inside if it was deleted; undefined if it cannot be loaded now. */
  async function textOf(room: string, seq: number): Promise<{ text: string | undefined } | undefined> {
    const answer = await api.event(room, seq);
    if (!answer.ok) return undefined;
    const event = answer.value.events[0];
    return { text: event?.type === "message" && event.seq === seq ? event.text : undefined };
  }

  async function act(id: string, body: HandleReportBody): Promise<void> {
    const answer = await more.actOnReport(id, body);
    // Another moderator may have been first.
    if (answer.ok || answer.problem.code === "not_found") reports.keep((each) => each.id !== id);
    else notify({ about: "problem", code: answer.problem.code });
    if (answer.ok && body.act !== "dismiss") notify({ about: "done" });
    closed();
  }

  /** The messages around one, itself among them; none where they cannot be read. */
  async function context(room: string, seq: number): Promise<MessageEvent[]> {
    const answer = await more.context(room, seq);
    return answer.ok ? answer.value.events.filter((event) => event.type === "message") : [];
  }
}
