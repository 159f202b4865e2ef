/** Faults in what people may be called, how often they may speak, and how many sockets they may have. */
import type { Breakage } from "./breakage.ts";

const KEYS = "shared/server/nickname-keys.ts";
const CAPS = "gateway/ws/caps.ts";
const ADMIT = "shared/server/lua/admit.lua";
const CAP_TESTS = "gateway/ws/caps.test.ts";
const NICKNAME_TESTS = "gateway/nicknames.test.ts";
const MESSAGE_TESTS = "gateway/messages.int.test.ts";

const TAKEN = ["gateway/http/me.int.test.ts", "that %s somebody else's is taken"] as const;

export const people: readonly Breakage[] = [
  {
    what: "nicknames may look alike",
    file: KEYS,
    find: "PROTOTYPES.get(each) ?? each",
    replace: "each",
    seenBy: [[NICKNAME_TESTS, "%j and %j look alike"], TAKEN],
  },
  {
    what: "the database takes nicknames that look alike",
    file: "worker/migrations/0002_accounts.sql",
    find: "nickname_skeleton text unique",
    replace: "nickname_skeleton text",
    seenBy: [TAKEN],
  },
  {
    what: "nicknames may hold what nobody sees",
    file: "gateway/nicknames.ts",
    find: "NOT_ALLOWED.test(visible) || ",
    replace: "",
    seenBy: [[NICKNAME_TESTS, "tag characters"]],
  },
  {
    what: "people may speak as fast as they like",
    file: ADMIT,
    find: "if tokens < 1 then",
    replace: "if tokens < -1000 then",
    seenBy: [[MESSAGE_TESTS, "more than the burst is too fast, and says for how long"]],
  },
  {
    what: "people may repeat themselves as they like",
    file: ADMIT,
    find: "if alike >= 3 then",
    replace: "if alike >= 30 then",
    seenBy: [
      [MESSAGE_TESTS, "the third message alike warns, the fourth is refused and mutes, also across gateways"],
    ],
  },
  {
    what: "the client id of another user is a key to that user's message",
    file: "shared/server/redis-keys.ts",
    find: "userId: string, clientId: string) =>",
    replace: 'userId: string, clientId: string, _ = (userId = "")) =>',
    seenBy: [[MESSAGE_TESTS, "the client id of another user is no key to that user's message"]],
  },
  {
    what: "one address may have any number of sockets",
    file: CAPS,
    find: "kind.of(key) <= perIp * share",
    replace: "true",
    seenBy: [[CAP_TESTS, "an address may have so many %s, one of them gone makes room"]],
  },
  {
    what: "one user may have any number of sockets",
    file: CAPS,
    find: "users.of(user) <= perUser * share",
    replace: "true",
    seenBy: [[CAP_TESTS, "a user may have so many, and one more that takes over from another"]],
  },
];
