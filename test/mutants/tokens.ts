/** Faults in access tokens, refresh tokens and sessions. */
import type { Mutant } from "./mutant.ts";

const TOKEN_TESTS = "shared/server/identity/access-tokens.test.ts";
const ACCOUNT_TESTS = "gateway/http/routes/accounts.int.test.ts";
const SESSION_TESTS = "gateway/http/sessions.int.test.ts";
const REFRESH_TESTS = "gateway/http/refresh.int.test.ts";
const COOKIES = "gateway/http/cookies.int.test.ts";
const SOCKET_TESTS = "gateway/ws/connections.test.ts";
const CONTROL_TESTS = "gateway/control/control-log.int.test.ts";

const WITH = [TOKEN_TESTS, "a token with %s is refused"] as const;
const ELSEWHERE = [
  TOKEN_TESTS,
  "a token that says where its key is to be had is refused, and nobody asks there",
] as const;
const REUSE = [SESSION_TESTS, "a replaced token that comes back ends the session everywhere"] as const;
const NOT_ANNOUNCED = [
  CONTROL_TESTS,
  "an event that Redis did not take is published once it is back, and holds here at once",
] as const;
const COOKIE = [
  "gateway/http/cookie.test.ts",
  "behind TLS the cookie is secure and bound to its host",
] as const;

export const tokens: readonly Mutant[] = [
  {
    what: "any issuer is good enough",
    place: "createTokens",
    find: "    allowedIss: ISSUER,\n",
    replace: "",
    seenBy: [WITH],
  },
  {
    what: "tokens for another audience are good enough",
    place: "createTokens",
    find: "    allowedAud: AUDIENCE,\n",
    replace: "",
    seenBy: [WITH],
  },
  {
    what: "any type of token is good enough",
    place: "createTokens",
    find: "    checkTyp: TYPE,\n",
    replace: "",
    seenBy: [WITH],
  },
  {
    what: "tokens from the future are good, and those that ended",
    place: "LEEWAY_MS",
    find: "const LEEWAY_MS = 5_000",
    replace: "const LEEWAY_MS = 7_200_000",
    seenBy: [WITH, [TOKEN_TESTS, "a token ends, a few seconds of leeway aside"]],
  },
  {
    what: "the signature of a token is not looked at",
    place: "createTokens",
    find: "subjectOf(verify(token))",
    replace: "subjectOf((decode(token) as DecodedJwt).payload)",
    seenBy: [
      WITH,
      [TOKEN_TESTS, "an unsigned token (alg none) is refused"],
      [TOKEN_TESTS, "a token without its signature, or with another's, is refused"],
      [ACCOUNT_TESTS, "is refused to the bearer of a token that another key signed"],
    ],
  },
  {
    what: "a key id that nobody knows stands for the usual key",
    place: "createTokens",
    find: "verifiers.get(header.kid)",
    replace: "verifiers.get(header.kid) ?? verifiers.get(signing.kid)",
    seenBy: [WITH, ELSEWHERE],
  },
  {
    what: "a token's key is asked for where the token says",
    place: "createTokens",
    find: "const verify = verifiers.get(header.kid);",
    replace: `if (header.jku) void fetch(header.jku).catch(() => undefined);
        const verify = verifiers.get(header.kid);`,
    seenBy: [ELSEWHERE],
  },
  {
    what: "a guest goes on where a user is asked for",
    place: "createAuthentication",
    find: 'if (subject === undefined) throw new Refusal("unauthenticated");\n    return subject;',
    replace: "return subject as Subject;",
    seenBy: [[ACCOUNT_TESTS, "is refused to the bearer of %j"]],
  },
  {
    what: "a socket may be silent for ever",
    place: "createSockets",
    find: "time - openedAt >= HELLO_TIMEOUT_MS",
    replace: "time - openedAt >= Number.POSITIVE_INFINITY",
    seenBy: [[SOCKET_TESTS, "a socket that never said hello is closed with 4408"]],
  },
  {
    what: "a socket outlives its access token",
    place: "createSockets",
    find: "user && time >= tokenEndsAt",
    replace: "false",
    seenBy: [
      [SOCKET_TESTS, "a socket whose access token ends is closed with 4401, unless the token was renewed"],
    ],
  },
  {
    what: "a gateway relies on its bus alone for ended sessions",
    place: "createControl",
    find: "if (!isCurrent || head.run !== run || head.newest !== last) await resync();",
    replace: "if (!isCurrent) await resync();",
    seenBy: [
      [
        CONTROL_TESTS,
        "a revocation reaches a gateway whose bus lies dead, within two seconds, a hundred of them at once",
      ],
    ],
  },
  {
    what: "what Redis did not take is forgotten",
    place: "createControl",
    find: "pending.push(event)",
    replace: "pending.length = 0",
    seenBy: [NOT_ANNOUNCED],
  },
  {
    what: "a session that ends here counts until Redis says so",
    place: "createControl",
    find: 'if (event.kind === "sessions_ended") ended.add(event.sessions);\n    try {',
    replace: "try {",
    seenBy: [NOT_ANNOUNCED],
  },
  {
    what: "a replaced refresh token is only refused",
    place: "createSessions",
    find: 'await end([outcome.sessionId], "reused");',
    replace: "",
    seenBy: [REUSE],
  },
  {
    what: "a replaced refresh token stays good",
    place: "gateway/createSessionQueries",
    find: "token === undefined || token.spent",
    replace: "token === undefined",
    seenBy: [REUSE],
  },
  {
    what: "two tabs that refresh at once, or an answer that was lost, look like a thief",
    place: "gateway/createSessionQueries",
    find: "if (given) return successors.find(({ hash }) => given.equals(hash)) ?? usual;",
    replace: "if (given) return undefined;",
    seenBy: [
      [SESSION_TESTS, "two tabs at the same moment both survive"],
      [REFRESH_TESTS, "costs nothing when it is asked for again %s later"],
    ],
  },
  {
    what: "a lost answer yields another token each time",
    place: "createRefreshTokens",
    find: "update(token).digest()",
    replace: "update(randomBytes(9)).digest()",
    seenBy: [[REFRESH_TESTS, "costs nothing when it is asked for again %s later"]],
  },
  {
    what: "an access token that comes in says nothing of its refresh token",
    place: "createAuthentication",
    find: "uses.note(subject);",
    replace: "",
    seenBy: [[REFRESH_TESTS, "ends the session once an access token from beside its successor came in"]],
  },
  {
    what: "an old refresh token that is kept no longer is nobody's",
    place: "gateway/createSessionQueries",
    find: "from sessions where family =",
    replace: "from sessions where false and family =",
    seenBy: [[REFRESH_TESTS, "is known though its row is kept no longer"]],
  },
  {
    what: "a person may have sessions without end",
    place: "gateway/createSessionQueries",
    find: "order by last_seen_at desc, id desc offset",
    replace: "and false order by last_seen_at desc, id desc offset",
    seenBy: [[REFRESH_TESTS, "500 of them leave 50 sessions, and no more token rows than those need"]],
  },
  {
    what: "refresh tokens are kept as they are",
    place: "gateway/nameOf",
    find: 'createHash("sha256").update(bytes).digest()',
    replace: "Buffer.from(bytes)",
    seenBy: [[ACCOUNT_TESTS, "keeps neither password nor refresh token"]],
  },
  {
    what: "scripts may read the refresh token, and other sites send it",
    place: "createRefreshCookie",
    find: "; HttpOnly; SameSite=Strict",
    replace: "; SameSite=Lax",
    seenBy: [COOKIE],
  },
  {
    what: "the refresh token is not bound to its host",
    place: "createRefreshCookie",
    find: 'base === "/" ? "__Host-" : "__Secure-"',
    replace: '"__Secure-"',
    seenBy: [COOKIE],
  },
  {
    what: "below a path the refresh token has a name that browsers accept for the whole host only",
    place: "createRefreshCookie",
    find: 'base === "/"',
    replace: "true",
    seenBy: [
      ["gateway/http/cookie.test.ts", "below a prefix the cookie goes to no other application of the host"],
    ],
  },
  {
    what: "clusters on one host have one cookie",
    place: "createRefreshCookie",
    find: '[former, cluster().id].join("_")',
    replace: "former",
    seenBy: [[COOKIES, "two clusters on one host name leave each other's people logged in"]],
  },
  {
    what: "what another cluster has set is taken away",
    place: "createRefreshCookie",
    find: 'token !== "" && (await isOurs(token)) ?',
    replace: "isOurs !== undefined ?",
    seenBy: [[COOKIES, "a cookie of the former name that is another cluster's is left alone"]],
  },
  {
    what: "the refresh token travels without TLS",
    place: "createRefreshCookie",
    find: '"; Secure"',
    replace: '""',
    seenBy: [COOKIE],
  },
];
