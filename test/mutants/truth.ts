/** Faults in keeping Redis' cache of users equal to PostgreSQL. */
import type { Mutant } from "./mutant.ts";

const TESTS = "gateway/accounts/user-changes.int.test.ts";
const ANY_ORDER = [
  TESTS,
  "in every order of events the state that was acknowledged last is enforced",
] as const;
const COMMITTING = [TESTS, "a look-up while the act is being committed waits for it"] as const;

export const truth: readonly Mutant[] = [
  {
    what: "an answer of PostgreSQL from before a change is kept",
    place: "keep-user.lua",
    find: " or ARGV[2] ~= redis.call('GET', changes)",
    replace: "",
    seenBy: [
      [TESTS, "one from before an act is not kept, though the gateway of the act dies right after it"],
    ],
  },
  {
    what: "an answer of PostgreSQL from before Redis went back is kept",
    place: "keep-user.lua",
    find: "ARGV[1] ~= run or ",
    replace: "",
    seenBy: [[TESTS, "one that comes after Redis went back to before the act is not kept"]],
  },
  {
    what: "what an earlier run of Redis knew of a user is believed",
    place: "admit.lua",
    find: "if user[5] ~= run then",
    replace: "if not user[1] then",
    seenBy: [ANY_ORDER],
  },
  {
    what: "nobody waits for an act that is being committed",
    place: "createUserQueries",
    find: " for share`;",
    replace: "`;",
    seenBy: [COMMITTING],
  },
  {
    what: "Redis does not forget a user who is changed",
    place: "createUserChanges",
    find: "      await forget(userId);",
    replace: "",
    seenBy: [COMMITTING],
  },
  {
    what: "the spam rule has the last word",
    place: "createUserChangeQueries",
    find: "restriction_version = version + 1",
    replace: "restriction_version = restriction_version",
    seenBy: [
      [TESTS, "the mute of the spam rule does not come after the word of the moderator who lifted it"],
    ],
  },
];
