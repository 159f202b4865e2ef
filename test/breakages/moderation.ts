/** Faults in what is done about those who disturb. */
import type { Breakage } from "./breakage.ts";

const REPORT_TESTS = "gateway/http/reports.int.test.ts";
const QUERIES = "gateway/moderation/reports-queries.ts";
const MUTED_TESTS = "gateway/http/muted.int.test.ts";
const SPAMMER = [MUTED_TESTS, "a mute that only Redis knows yet, as the spam rule's, holds too"] as const;
const KEPT = [
  REPORT_TESTS,
  "what was said stays with the report though its author deletes it, until somebody has seen to it",
] as const;

export const moderation: readonly Breakage[] = [
  {
    what: "everybody sees who is muted or banned, and why",
    file: "gateway/moderation/reports.ts",
    find: 'Promise<PersonAnswer> {\n      await actorOf(sql, by, "moderator");',
    replace: "Promise<PersonAnswer> {",
    seenBy: [
      [
        "gateway/http/routes/moderation.int.test.ts",
        "who somebody is now is told to moderators, and to nobody else",
      ],
    ],
  },
  {
    what: "a message does not tell that a moderator wrote it",
    file: "shared/server/redis/event-draft.ts",
    find: 'role === "user" ? {}',
    replace: 'role !== "admin" ? {}',
    seenBy: [
      [
        "gateway/messages/send.int.test.ts",
        "a message tells what its author is, which nobody can write themselves: %s",
      ],
    ],
  },
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
    find: ", text = null, said_as = null, said_at = null\n        where id",
    replace: "\n        where id",
    seenBy: [KEPT],
  },
  {
    what: "everybody sees what was reported",
    file: "gateway/moderation/reports.ts",
    find: 'await actorOf(sql, by, "moderator");\n      const found = await queries.listOpen',
    replace: "const found = await queries.listOpen",
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
  {
    what: "the muted may take another name",
    file: "gateway/accounts/profile.ts",
    find: "await mutes.refuse(userId);",
    replace: "",
    seenBy: [SPAMMER],
  },
  {
    what: "nobody is muted but for messages",
    file: "gateway/accounts/mutes.ts",
    find: "if (!restriction) return;",
    replace: "if (!restriction || restriction.until > 0) return;",
    seenBy: [[MUTED_TESTS, "while one is muted, %s shows others nothing"]],
  },
  {
    what: "the muted are seen typing",
    file: "gateway/ws/handlers/typing.ts",
    find: "if (restricted !== null) return;",
    replace: "",
    seenBy: [
      [
        "test/moderation.e2e.test.ts",
        "nothing that a muted person says is shown to others, but that a message of theirs is gone",
      ],
    ],
  },
  {
    what: "every room is told of a new name",
    file: "shared/server/redis/lua/choose-rooms.lua",
    find: "and count < most",
    replace: "and count < most * 1000",
    seenBy: [
      [
        "gateway/messages/notices.int.test.ts",
        "ten renames of somebody in 200 rooms, over four gateways, are told in 20 rooms each, once",
      ],
    ],
  },
];
