/** Sessions that are over have to be over everywhere. */
import type { Breakage } from "./breakage.ts";

const BAN = [
  "test/moderation.e2e.test.ts",
  "a ban closes all sockets with 4403, and neither old tokens nor the password open new ones",
] as const;
const PASSWORD = [
  "test/moderation.e2e.test.ts",
  "a new password closes the sockets of the other sessions within two seconds, and nothing reaches them after",
] as const;
const HUNDRED = [
  "test/edges.e2e.test.ts",
  "of 100 sessions that end at once, each socket on another gateway is closed within 2 s",
] as const;

export const endings: readonly Breakage[] = [
  {
    what: "other gateways close the sockets of ended sessions too late",
    file: "gateway/control-effects.ts",
    find: "sessions_ended: ({ sessions }) => sockets.endSessions(sessions),",
    replace: "sessions_ended: ({ sessions }) => void setTimeout(() => sockets.endSessions(sessions), 2_500),",
    seenBy: [HUNDRED, PASSWORD],
  },
  {
    what: "a new password leaves the other sessions alone",
    file: "gateway/profile.ts",
    find: "await sessions.end(others);",
    replace: "",
    seenBy: [PASSWORD],
  },
  {
    what: "calls are served though their session has ended",
    file: "gateway/http/caller.ts",
    find: "if (control.isEnded(subject.sessionId))",
    replace: "if (control === undefined)",
    seenBy: [PASSWORD],
  },
  {
    what: "the sockets of who is banned stay open",
    file: "gateway/control-effects.ts",
    find: "sockets.ban(user);",
    replace: "",
    seenBy: [BAN],
  },
  {
    what: "a token opens sockets though its owner is banned",
    file: "gateway/ws/hello.ts",
    find: "if (proven && isBanned(proven.userId))",
    replace: "if (proven && isBanned === undefined)",
    seenBy: [BAN],
  },
  {
    what: "a refresh does not look for a ban",
    file: "gateway/session-queries.ts",
    find: 'if (banned) return { is: "banned" };',
    replace: "",
    seenBy: [BAN],
  },
  {
    what: "the password lets in who is banned",
    file: "gateway/accounts.ts",
    find: "if (account.banned)",
    replace: "if (account === undefined)",
    seenBy: [BAN],
  },
];
