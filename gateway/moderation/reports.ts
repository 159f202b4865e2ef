/** Reported messages, and the moderators' view: open reports and the audit. */
import type { Act, Archived, HandleReportBody, PersonAnswer, Report } from "../../shared/http-api.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { RoomEvent } from "../../shared/server-frames.ts";
import { actorOf } from "../accounts/authorization.ts";
import { Refusal } from "../errors.ts";
import { isUuid } from "../id.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { recordAct } from "./audit.ts";
import type { Moderation } from "./moderation.ts";
import type { ModerationQueries } from "./moderation-queries.ts";
import { checkReason } from "./reason.ts";
import { createReportsQueries, type OpenReport, type ReportsQueries, type Said } from "./reports-queries.ts";

export type Reports = ReturnType<typeof createReports>;
type ReportsDeps = {
  sql: Sql;
  acts: Acts;
  queries: Pick<ReportsQueries, "add" | "listOpen" | "countOpen" | "findOpen"> &
    Pick<ModerationQueries, "listActs">;
  findPerson: (id: string) => Promise<PersonAnswer | undefined>;
  limits: Pick<HttpLimits, "report">;
  history: History;
  /** The same for archived rooms. */
  archivedHistory: History;
};
/** The acts that a report may lead to. */
type Acts = Pick<Moderation, "mute" | "ban"> & {
  /** Repeated with the same client id it deletes once. */
  deleteMessage: (by: string, room: string, seq: number, clientId: string) => Promise<void>;
};
const GONE: ReadonlySet<string> = new Set(["no_such_message", "no_such_room", "room_archived"]);
const REPORT_ID = /^\d{1,18}$/;
const COUNTED_MAX = 100;
/** The mute of one tap. */
const MUTE_MS = 10 * 60_000;
type History = (room: string, before: number, limit: number, reader: string) => Promise<{ events: string[] }>;
type ReportedRoom = { name: string; archived: Archived | undefined };

export function createReports(deps: ReportsDeps) {
  const { sql, acts, queries, findPerson, limits, history, archivedHistory } = deps;

  return {
    /**
     * Stores a copy of the message with the report: moderators can read it even if it is deleted afterwards. Reporting
     * a message again changes nothing.
     * @throws Refusal `no_such_message`, also for one that was deleted before; `room_archived` where nobody may read;
     * `invalid`, `too_many_attempts`.
     */
    async report(reporter: string, room: ReportedRoom, seq: number, rawReason: string): Promise<void> {
      const reason = checkReason(rawReason);
      await actorOf(sql, reporter, "user");
      await limits.report(reporter);
      if (room.archived === "hidden") throw new Refusal("room_archived");
      const { author, said } = await messageOf(room, seq, reporter);
      await queries.add({ room: room.name, seq, author, reporter, reason }, said);
    },

    /** For moderators. @param below id of the last report of the page before. */
    async open(
      by: string,
      below: string | undefined,
      max: number,
    ): Promise<{ reports: Report[]; more: boolean }> {
      await actorOf(sql, by, "moderator");
      const found = await queries.listOpen(below, max + 1);
      return { reports: found.slice(0, max), more: found.length > max };
    },

    /**
     * Closes a report and deletes its copy of the message.
     * @throws Refusal `not_found` when there is no such open report.
     */
    handle,

    /** How many reports are open, for the badge that moderators' pages keep up to date. */
    async count(by: string): Promise<number> {
      await actorOf(sql, by, "moderator");
      return queries.countOpen(COUNTED_MAX);
    },

    /**
     * Does something about a report and closes it. Safe to repeat.
     * @throws Refusal `not_found` when there is no such open report; as the act does.
     */
    async act(by: string, id: string, { act, removeMessages = false }: HandleReportBody): Promise<void> {
      await actorOf(sql, by, "moderator");
      const report = await openReport(id);
      await perform(by, id, report, act, removeMessages);
      await handle(by, id);
    },

    /** A person with their mute and ban, for moderators before an act. @throws Refusal `no_such_user`. */
    async person(by: string, id: string): Promise<PersonAnswer> {
      await actorOf(sql, by, "moderator");
      const found = isUuid(id) ? await findPerson(id) : undefined;
      if (found === undefined) throw new Refusal("no_such_user");
      return found;
    },

    /** Every act of moderation, for moderators. */
    async acts(by: string, below: string | undefined, max: number): Promise<{ acts: Act[]; more: boolean }> {
      await actorOf(sql, by, "moderator");
      const found = await queries.listActs(below, max + 1);
      return { acts: found.slice(0, max), more: found.length > max };
    },
  };

  async function handle(by: string, id: string): Promise<void> {
    await sql.begin(async (tx) => {
      await actorOf(tx, by, "moderator");
      const report = REPORT_ID.test(id) ? await createReportsQueries(tx).handle(id, by) : undefined;
      if (report === undefined) throw new Refusal("not_found");
      const { room, seq, author } = report;
      const whose = author ? { user: author } : {};
      await recordAct(tx, { act: "report_handled", by, ...whose, detail: { room, seq } });
    });
  }

  async function openReport(id: string): Promise<OpenReport> {
    const report = REPORT_ID.test(id) ? await queries.findOpen(id) : undefined;
    if (report === undefined) throw new Refusal("not_found");
    return report;
  }

  async function perform(
    by: string,
    id: string,
    { room, seq, author, reason }: OpenReport,
    act: HandleReportBody["act"],
    removeMessages: boolean,
  ): Promise<void> {
    if (act === "dismiss") return;
    if (act === "delete") return deleteReported(by, room, seq, `report-${id}`);
    // An imported message may have no account as its author.
    if (author === undefined) throw new Refusal("no_such_user");
    if (act === "ban") return acts.ban(by, author, { reason, removeMessages, room });
    await acts.mute(by, author, { untilMs: Date.now() + MUTE_MS, reason, removeMessages, room });
  }

  async function deleteReported(by: string, room: string, seq: number, clientId: string): Promise<void> {
    try {
      await acts.deleteMessage(by, room, seq, clientId);
    } catch (error) {
      // Nobody can read it any more, so nothing is left to do.
      if (!(error instanceof Refusal && GONE.has(error.code))) throw error;
    }
  }

  /**
   * @returns the author and the text of a message.
   * @throws Refusal `no_such_message`.
   */
  async function messageOf(
    { name, archived }: ReportedRoom,
    seq: number,
    reader: string,
  ): Promise<{ author: string | undefined; said: Said }> {
    const read = archived === undefined ? history : archivedHistory;
    const [json] = (await read(name, seq + 1, 1, reader)).events;
    const event = json === undefined ? undefined : (JSON.parse(json) as RoomEvent);
    if (event?.type !== "message" || event.seq !== seq || event.text === undefined)
      throw new Refusal("no_such_message");
    const { user, text, at } = event;
    // An imported message may have a name and no account.
    return { author: user.id === "" ? undefined : user.id, said: { text, as: user.nickname, at } };
  }
}
