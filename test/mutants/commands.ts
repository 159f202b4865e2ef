/** Faults in the commands of bots. */
import type { Mutant } from "./mutant.ts";

const RECEIVE_TESTS = "gateway/commands/receive.test.ts";
const ONCE_TESTS = "gateway/commands/once.int.test.ts";
const RULES_TESTS = "gateway/commands/rules.int.test.ts";

export const commands: readonly Mutant[] = [
  {
    what: "a command counts without a right signature",
    place: "receive",
    find: "if (!key || !isSigned(key.secret, value, headers[COMMAND_HEADERS.signature]))",
    replace: "if (!key)",
    seenBy: [
      [RECEIVE_TESTS, "a command with %s is forged, and answered by its id"],
      [RECEIVE_TESTS, "bytes of any kind, unsigned, are no command, and answered by name"],
      [RECEIVE_TESTS, "a command of which one bit was changed, in its value or in its signature, is forged"],
    ],
  },
  {
    what: "a command is executed after its end",
    place: "receive",
    find: "isLate: command.expires <= now",
    replace: "isLate: false",
    seenBy: [
      [
        RULES_TESTS,
        "in any order of sound, forged, malformed and late records, each gets its answer and the sound ones are executed in theirs",
      ],
    ],
  },
  {
    what: "a command that was answered is executed again",
    place: "createSettle",
    find: "if (begun?.answer)",
    replace: "if (begun?.isDone && begun.answer)",
    seenBy: [
      [
        ONCE_TESTS,
        "a copy of a command gets the answer of the first one, and does nothing: at once, later, after its end",
      ],
    ],
  },
  {
    what: "a message that a bot sends again is another one",
    place: "createExecution",
    find: "clientId: command.id }",
    replace: "clientId: command.id + performance.now() }",
    seenBy: [
      [
        ONCE_TESTS,
        "a gateway dies between a %s and its answer: the next one answers, and nothing is done twice",
      ],
    ],
  },
  {
    what: "the mute of a bot whose gateway died is made again",
    place: "createSettle",
    find: "(tx) => store.markDone(tx, name)",
    replace: "async (tx) => (await store.markDone(tx, name)) || true",
    seenBy: [
      [
        ONCE_TESTS,
        "a mute whose gateway died is not made again after a moderator lifted it, and counts as done",
      ],
    ],
  },
  {
    what: "every bot announces",
    place: "createAnnounce",
    find: "if (!(await moderates(user, room)))",
    replace: "if ((await moderates(user, room)) === undefined)",
    seenBy: [[RULES_TESTS, "a bot has the rights of its role, as it is in the settings"]],
  },
  {
    what: "a muted bot announces",
    place: "createAnnounce",
    find: "await mutes.refuse(userId);",
    replace: "",
    seenBy: [[RULES_TESTS, "a bot that a moderator muted, or an admin banned, does nothing more"]],
  },
  {
    what: "a bot has the name of a person",
    place: "createBots",
    find: "if (found === undefined)",
    replace: "if (found === null)",
    seenBy: [[RULES_TESTS, "a bot's name cannot be a person's, nor the other way round"]],
  },
];
