/** Faults in what is done about those who disturb. */
import type { Breakage } from "./breakage.ts";

const REPORT_TESTS = "gateway/http/reports.int.test.ts";
const QUERIES = "gateway/moderation-queries.ts";
const KEPT = [
  REPORT_TESTS,
  "what was said stays with the report though its author deletes it, until somebody has seen to it",
] as const;

export const moderation: readonly Breakage[] = [
  {
    what: "a report keeps nothing of the message",
    file: QUERIES,
    find: "said.text},",
    replace: "null},",
    seenBy: [KEPT],
  },
  {
    what: "a report that was seen to keeps the message",
    file: QUERIES,
    find: ", text = null, said_as = null, said_at = null\n    where id",
    replace: "\n    where id",
    seenBy: [KEPT],
  },
  {
    what: "everybody sees what was reported",
    file: "gateway/reports.ts",
    find: 'await actorOf(sql, by, "moderator");\n      const found = await queries.openReports',
    replace: "const found = await queries.openReports",
    seenBy: [[REPORT_TESTS, "what was reported is told to moderators alone, in the list of reports alone"]],
  },
  {
    what: "a report remembers the name of who closed their account",
    file: QUERIES,
    find: "case when a.closed_at is null then r.said_as end",
    replace: "r.said_as",
    seenBy: [[REPORT_TESTS, "a report keeps what was said, not the name, of who closes their account"]],
  },
  {
    what: "what a report kept is kept for ever",
    file: "worker/report-queries.ts",
    find: "or said_at <",
    replace: "or false and said_at <",
    seenBy: [
      [
        "worker/moderation.int.test.ts",
        "what a report kept of a message goes when it was seen to, or the message is past its retention",
      ],
    ],
  },
];
