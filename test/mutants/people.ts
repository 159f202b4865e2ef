/** Faults in the rules for nicknames and in the limits on messages and sockets. */
import type { Mutant } from "./mutant.ts";

const CAP_TESTS = "gateway/ws/connection-limits.test.ts";
const NICKNAME_TESTS = "gateway/accounts/nickname.test.ts";
const ANY_DISGUISE = [
  "gateway/accounts/nickname-lookalikes.test.ts",
  "a name with any of its letters replaced by look-alikes is refused or the same",
] as const;
const EACH_LINE = [
  "gateway/accounts/nickname-lookalikes.test.ts",
  "each line of the standard's data: a name with the one and a name with the other are not two",
] as const;
const OLDER_RULES = [
  "worker/nickname-skeletons.int.test.ts",
  "a look by older rules is worked out anew, and an older account takes it from a younger one; the names stay",
] as const;
const MESSAGE_TESTS = "gateway/messages/send.int.test.ts";

const TAKEN = ["gateway/http/routes/me.int.test.ts", "that %s somebody else's is taken"] as const;

export const people: readonly Mutant[] = [
  {
    what: "nicknames may look alike",
    place: "look",
    find: 'skeletonOf(text.normalize("NFD"))',
    replace: "text",
    seenBy: [[NICKNAME_TESTS, "%j and %j look alike"], TAKEN, ANY_DISGUISE],
  },
  {
    what: "the database takes nicknames that look alike",
    place: "0002_accounts.sql",
    find: "nickname_skeleton text unique",
    replace: "nickname_skeleton text",
    seenBy: [TAKEN],
  },
  {
    what: "nicknames may hold what nobody sees",
    place: "isWritable",
    find: "[...bare].every(isKnown) && ",
    replace: "",
    seenBy: [[NICKNAME_TESTS, "tag characters"], ANY_DISGUISE],
  },
  {
    what: "what the standard says of letters with marks is lost",
    place: "createSkeleton",
    find: "prototypes.set(prototype, once(apart));",
    replace: "continue;",
    seenBy: [EACH_LINE],
  },
  {
    what: "nicknames may mix scripts that are not read together",
    place: "isWritable",
    find: "COVERS.some((cover) => cover.test(bare))",
    replace: "COVERS.length > 0",
    seenBy: [[NICKNAME_TESTS, "two scripts that are not read together"]],
  },
  {
    what: "letters may carry marks that no language puts on them",
    place: "isWritable",
    find: "!MARKED_IN_USE.test(marked)",
    replace: "marked === undefined",
    seenBy: [[NICKNAME_TESTS, "a mark that no language puts on its letter"]],
  },
  {
    what: "nicknames may hold joiners where nobody sees them",
    place: "isWritable",
    find: 'domainToASCII(joined) === ""',
    replace: 'joined === ""',
    seenBy: [[NICKNAME_TESTS, "a zero-width non-joiner between letters that never join"]],
  },
  {
    what: "joiners that a language needs make another name",
    place: "nicknameKeys",
    find: 'nickname.replace(UNSEEN, "")',
    replace: "nickname",
    seenBy: [[NICKNAME_TESTS, "%j and %j are one name"]],
  },
  {
    what: "people may be called what those are called who run the cluster",
    place: "checkNickname",
    find: "isReserved(nickname)",
    replace: "nickname === undefined",
    seenBy: [
      ["gateway/accounts/reserved-nicknames.test.ts", "nobody may be called %j"],
      [
        "gateway/accounts/reserved-nicknames.test.ts",
        "in any letters that look like its own, and with anything between them, such a word is refused",
      ],
    ],
  },
  {
    what: "how a name looks stays as older rules had it",
    place: "createNicknameQueries",
    // In two pieces, because it must not be a template.
    find: " or not starts_with(nickname_skeleton, $" + "{version})",
    replace: "",
    seenBy: [OLDER_RULES],
  },
  {
    what: "a younger account keeps the look of an older one",
    place: "createNicknameQueries",
    find: "where users.id > fresh.id",
    replace: "where users.id > fresh.id and false",
    seenBy: [OLDER_RULES],
  },
  {
    what: "people may speak as fast as they like",
    place: "admit.lua",
    find: "if tokens < 1 then",
    replace: "if tokens < -1000 then",
    seenBy: [[MESSAGE_TESTS, "more than the burst is too fast, and says for how long"]],
  },
  {
    what: "people may repeat themselves as they like",
    place: "admit.lua",
    find: "if alike >= 3 then",
    replace: "if alike >= 30 then",
    seenBy: [
      [MESSAGE_TESTS, "the third message alike warns, the fourth is refused and mutes, also across gateways"],
    ],
  },
  {
    what: "the client id of another user is a key to that user's message",
    place: "createRedisKeys",
    find: "userId: string, clientId: string) =>",
    replace: 'userId: string, clientId: string, _ = (userId = "")) =>',
    seenBy: [[MESSAGE_TESTS, "the client id of another user is no key to that user's message"]],
  },
  {
    what: "one address may have any number of sockets",
    place: "createConnectionLimits",
    find: "kind.of(key) <= perIp * factor",
    replace: "true",
    seenBy: [[CAP_TESTS, "an address may have so many %s, one of them gone makes room"]],
  },
  {
    what: "one user may have any number of sockets",
    place: "createConnectionLimits",
    find: "users.of(user) <= perUser * factor",
    replace: "true",
    seenBy: [[CAP_TESTS, "a user may have so many, and one more that takes over from another"]],
  },
];
