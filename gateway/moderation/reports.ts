/** Reported messages, and the moderators' view: open reports and the audit. */
import type { Act, Archived, PersonAnswer, Report } from "../../shared/http-api.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import type { RoomEvent } from "../../shared/server-frames.ts";
import { actorOf } from "../accounts/authorization.ts";
import { Refusal } from "../errors.ts";
import { isUuid } from "../id.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { recordAct } from "./audit.ts";
import type { ModerationQueries } from "./moderation-queries.ts";
import { checkReason } from "./reason.ts";
import { createReportsQueries, type ReportsQueries, type Said } from "./reports-queries.ts";

export type Reports = ReturnType<typeof createReports>;
type ReportsDeps = {
  sql: Sql;
  queries: Pick<ReportsQueries, "add" | "listOpen"> & Pick<ModerationQueries, "listActs">;
  findPerson: (id: string) => Promise<PersonAnswer | undefined>;
  limits: Pick<HttpLimits, "report">;
  history: History;
  /** The same for archived rooms. */
  archivedHistory: History;
};
type History = (room: string, before: number, limit: number, reader: string) => Promise<{ events: string[] }>;
type ReportedRoom = { name: string; archived: Archived | undefined };

export function createReports(deps: ReportsDeps) {
  const { sql, queries, findPerson, limits, history, archivedHistory } = deps;

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
    async handle(by: string, id: string): Promise<void> {
      await sql.begin(async (tx) => {
        await actorOf(tx, by, "moderator");
        const report = /^\d{1,18}$/.test(id) ? await createReportsQueries(tx).handle(id, by) : undefined;
        if (report === undefined) throw new Refusal("not_found");
        const { room, seq, author } = report;
        await recordAct(tx, {
          act: "report_handled",
          by,
          ...(author ? { user: author } : {}),
          detail: { room, seq },
        });
      });
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
