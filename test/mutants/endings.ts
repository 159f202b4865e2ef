/** Faults in the end of sessions, which must hold on every gateway. */
import type { Mutant } from "./mutant.ts";

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

const JUMP = [
  "gateway/control/ended-sessions.int.test.ts",
  "three days forward and back: a logged-out token is still refused, by gateways old and new",
] as const;

export const endings: readonly Mutant[] = [
  {
    what: "a clock that was set brings ended sessions back to life",
    place: "createEndedSessions",
    find: "const JUMP_MS = 2_000",
    replace: "const JUMP_MS = Number.POSITIVE_INFINITY",
    seenBy: [JUMP],
  },
  {
    what: "ended sessions are forgotten though a token of theirs has yet to live",
    place: "gateway/createSessionQueries",
    find: "greatest(ended_at, tokens_until)",
    replace: "(ended_at)",
    seenBy: [JUMP],
  },
  {
    what: "ended sessions are cleaned up while a token of theirs may live",
    place: "worker/createSessionQueries",
    find: "ended_at is not null and greatest(ended_at, tokens_until) <",
    replace: "ended_at is not null and ended_at - interval '8 days' <",
    seenBy: [JUMP],
  },
  {
    what: "other gateways close the sockets of ended sessions too late",
    place: "createControlHandlers",
    find: "sessions_ended: ({ sessions }) => sockets.endSessions(sessions),",
    replace: "sessions_ended: ({ sessions }) => void setTimeout(() => sockets.endSessions(sessions), 2_500),",
    seenBy: [HUNDRED, PASSWORD],
  },
  {
    what: "a new password leaves the other sessions alone",
    place: "createProfile",
    find: "await sessions.end(others);",
    replace: "",
    seenBy: [PASSWORD],
  },
  {
    what: "calls are served though their session has ended",
    place: "createAuthentication",
    find: "if (control.isEnded(subject.sessionId))",
    replace: "if (control === undefined)",
    seenBy: [PASSWORD],
  },
  {
    what: "the sockets of who is banned stay open",
    place: "createControlHandlers",
    find: "sockets.ban(user, { reason, until });",
    replace: "sockets.ban;",
    seenBy: [BAN],
  },
  {
    what: "a token opens sockets though its owner is banned",
    place: "createIdentify",
    find: "if (ban) endBanned",
    replace: "if (ban && isEnded === undefined) endBanned",
    seenBy: [BAN],
  },
  {
    what: "a refresh does not look for a ban",
    place: "gateway/createSessionQueries",
    find: 'if (banned) return { is: "banned", userId };',
    replace: "",
    seenBy: [BAN],
  },
  {
    what: "the password lets in who is banned",
    place: "createAccounts",
    find: "if (account.banned)",
    replace: "if (account === undefined)",
    seenBy: [BAN],
  },
];
