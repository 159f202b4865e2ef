/** Faults in moderation. */
import type { Mutant } from "./mutant.ts";

const REPORT_TESTS = "gateway/http/reports.int.test.ts";
const MUTED_TESTS = "gateway/http/muted.int.test.ts";
const SPAMMER = [MUTED_TESTS, "a mute that only Redis knows yet, as the spam rule's, holds too"] as const;
const KEPT = [
  REPORT_TESTS,
  "a reported message stays with the report though its author deletes it, until a moderator has handled it",
] as const;

export const moderation: readonly Mutant[] = [
  {
    what: "everybody sees who is muted or banned, and why",
    place: "createReports",
    find: 'Promise<PersonAnswer> {\n      await actorOf(sql, by, "moderator");',
    replace: "Promise<PersonAnswer> {",
    seenBy: [
      [
        "gateway/http/routes/moderation.int.test.ts",
        "the current state of a user is shown to moderators, and to nobody else",
      ],
    ],
  },
  {
    what: "a message does not tell that a moderator wrote it",
    place: "draftMessage",
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
    place: "createReportsQueries",
    find: "said.text},",
    replace: "null},",
    seenBy: [KEPT],
  },
  {
    what: "a report that was seen to keeps the message",
    place: "createReportsQueries",
    find: ", text = null, said_as = null, said_at = null\n        where id",
    replace: "\n        where id",
    seenBy: [KEPT],
  },
  {
    what: "everybody sees what was reported",
    place: "createReports",
    find: 'await actorOf(sql, by, "moderator");\n      const found = await queries.listOpen',
    replace: "const found = await queries.listOpen",
    seenBy: [[REPORT_TESTS, "a reported message is shown to moderators alone, in the list of reports alone"]],
  },
  {
    what: "a report remembers the name of who closed their account",
    place: "createReportsQueries",
    find: "case when a.closed_at is null then r.said_as end",
    replace: "r.said_as",
    seenBy: [
      [REPORT_TESTS, "a report keeps the message, but not the name, of an author who closes their account"],
    ],
  },
  {
    what: "what a report kept is kept for ever",
    place: "createReportQueries",
    find: "or said_at <",
    replace: "or false and said_at <",
    seenBy: [
      [
        "worker/moderation.int.test.ts",
        "a report's copy of a message goes when it was handled, or the message is past its retention",
      ],
    ],
  },
  {
    what: "the muted may take another name",
    place: "createRename",
    find: "await mutes.refuse(userId);",
    replace: "",
    seenBy: [SPAMMER],
  },
  {
    what: "nobody is muted but for messages",
    place: "createMutes",
    find: "if (!restriction) return;",
    replace: "if (!restriction || restriction.until > 0) return;",
    seenBy: [[MUTED_TESTS, "while one is muted, %s shows others nothing"]],
  },
  {
    what: "the muted are seen typing",
    place: "gateway/createTyping",
    find: "if (restricted !== undefined) return;",
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
    place: "choose-rooms.lua",
    find: "and count < max",
    replace: "and count < max * 1000",
    seenBy: [
      [
        "gateway/messages/notices.int.test.ts",
        "ten renames of somebody in 200 rooms, over four gateways, are told in 20 rooms each, once",
      ],
    ],
  },
];
