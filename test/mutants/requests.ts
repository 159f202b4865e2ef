/** Faults in reading, checking and answering requests. */
import type { Mutant } from "./mutant.ts";

const MALFORMED_TESTS = "gateway/http/malformed.int.test.ts";
const FUZZ_TESTS = "gateway/http/fuzz.int.test.ts";

const BAD_BODY = [
  MALFORMED_TESTS,
  "a body that is not what it should be has no effect and is refused",
] as const;
const ANY_BODY = [FUZZ_TESTS, "any body is answered by name"] as const;
const ANY_PATH = [FUZZ_TESTS, "any path, query, cookie and token are answered by name"] as const;
const OUR_FAULT = [
  "gateway/http/respond.test.ts",
  "a fault of our own fails the one request, without a word about it but the id under which it was noted",
] as const;
const FUZZER = [
  "test/fuzz.e2e.test.ts",
  "frames, bodies and bytes of every kind crash nothing, leak nothing and have no effect that they should not have",
] as const;
const ANY_ORIGIN = [
  "gateway/origin.test.ts",
  "a page is one's own exactly when scheme, host and port are, in any spelling; the list follows the same rule",
] as const;
const NO_ADDRESS = ["gateway/limits/client-ip.test.ts", "%j is no address"] as const;

export const requests: readonly Mutant[] = [
  {
    what: "the list of origins counts for nothing",
    place: "isAllowedOrigin",
    find: "listed.includes(page)",
    replace: "listed.length < 0",
    seenBy: [
      ["gateway/origin.test.ts", "the own host, the list and callers that are no browser are allowed"],
    ],
  },
  {
    what: "a page over plain HTTP speaks for a host behind TLS",
    place: "isAllowedOrigin",
    find: "SCHEME.test(forwardedProto) ?",
    replace: "listed.length < 0 ?",
    seenBy: [ANY_ORIGIN],
  },
  {
    what: "a port that the scheme implies makes another origin of a host",
    place: "isAllowedOrigin",
    find: "URL.parse(text)?.origin",
    replace: "text",
    seenBy: [ANY_ORIGIN],
  },
  {
    what: "pages of any origin may call what changes something",
    place: "createResponder",
    find: "!mayAct(call.headers)",
    replace: "origins.length < 0",
    seenBy: [["gateway/http/sessions.int.test.ts", "%s may neither refresh nor log out"]],
  },
  {
    what: "an address may read back as often at a time as it likes",
    place: "createReadingGate",
    find: "count >= perReader",
    replace: "count < 0",
    seenBy: [
      [
        "gateway/limits/reading-gate.test.ts",
        "a reader with too many under way is told the limit, the others are not",
      ],
    ],
  },
  {
    what: "older pages are read as fast as they are asked for",
    place: "createReadingGate",
    find: "pace: createPace(perSecond, () => gate.waiting >= CROWD)",
    replace: "pace: () => Math.min(0, createPace(perSecond, () => false)())",
    seenBy: [
      [
        "gateway/limits/reading-gate.test.ts",
        "after a second's worth at once reads start at an even pace, however quick they are",
      ],
    ],
  },
  {
    what: "a body of any size is taken",
    place: "readCall",
    find: "length > BODY_BYTES",
    replace: "length > Number.MAX_SAFE_INTEGER",
    seenBy: [[MALFORMED_TESTS, "%d bytes"]],
  },
  {
    what: "a poisoned body is taken",
    place: "bodyReader",
    find: 'Object.hasOwn(value, "__proto__")',
    replace: "false",
    seenBy: [BAD_BODY],
  },
  {
    what: "bodies need not have the shape of the contract",
    place: "bodyReader",
    find: "if (validator.Check(value))",
    replace: "if (value !== undefined)",
    seenBy: [BAD_BODY, ANY_BODY],
  },
  {
    what: "a body that is no UTF-8 crashes",
    place: "bodyReader",
    find: " || error instanceof TypeError",
    replace: "",
    seenBy: [BAD_BODY, ANY_BODY],
  },
  {
    what: "a token that is none crashes",
    place: "createTokens",
    find: "if (error instanceof TokenError) return undefined;",
    replace: "",
    seenBy: [ANY_PATH],
  },
  {
    what: "an id of the path reaches PostgreSQL whatever it is",
    place: "createOwnSessions",
    find: "!isUuid(sessionId) || ",
    replace: "",
    seenBy: [ANY_PATH],
  },
  {
    what: "a number of the query reaches PostgreSQL whatever it is",
    place: "toPosition",
    find: "!/^\\d{1,16}$/.test(raw)",
    replace: "raw === undefined",
    seenBy: [ANY_PATH],
  },
  {
    what: "whom a moderator acts on is looked for whatever the id is",
    place: "gateway/createModeration",
    find: "isUuid(userId) ? await change.lock() : undefined",
    replace: "await change.lock()",
    seenBy: [["gateway/http/routes/moderation.int.test.ts", "nobody acts on %s, who does not exist"]],
  },
  {
    what: "headers may be as long as they like",
    // The bound belongs to the library, which reads the environment once, before any of our code runs.
    place: "vitest.config.ts",
    find: 'name: "int",',
    replace: 'name: "int", env: { UWS_HTTP_MAX_HEADERS_SIZE: "1000000" },',
    seenBy: [[MALFORMED_TESTS, "a line without an end"]],
  },
  {
    what: "a page of history may begin below the first position",
    place: "historyRoutes",
    find: '"before", 1, Number',
    replace: '"before", 0, Number',
    also: {
      place: "read.lua",
      find: "if below ~= '' and tonumber(below) < 1 then",
      replace: "if false then",
    },
    seenBy: [FUZZER],
  },
  {
    what: "whatever a proxy says is an address",
    place: "clientIp",
    find: "isIP(bare) === 0 ? remote : bare",
    replace: "bare || remote",
    seenBy: [NO_ADDRESS],
  },
  {
    what: "a fault of our own is told in detail",
    place: "createResponder",
    find: 'new Refusal("internal", { requestId }',
    replace: 'new Refusal("internal", { detail: String(error), requestId }',
    seenBy: [OUR_FAULT],
  },
  {
    what: "a fault of our own is a matter of the whole process",
    place: "createResponder",
    find: "return refuse(error, call);",
    replace: "throw error;",
    seenBy: [OUR_FAULT],
  },
  {
    what: "an error is logged with all that it carries",
    place: "createLog",
    find: "type: error.name,",
    replace: "...error,\n    type: error.name,",
    seenBy: [
      [
        "shared/server/process/logger.test.ts",
        "an error is logged with its name, code and place, without its data",
      ],
    ],
  },
  {
    what: "a package is installed that nobody looked at",
    place: "package-lock.json",
    find: '"packages": {',
    replace: '"packages": { "node_modules/unknown": { "version": "1.0.0" },',
    seenBy: [
      [
        "test/security.test.ts",
        "every package is pinned by the hash of what was looked at, native addons too",
      ],
    ],
  },
  {
    what: "pages may tell of faults without end",
    place: "createClientErrors",
    find: "await limits.clientError(ip);",
    replace: "",
    seenBy: [
      [
        "gateway/http/routes/client-errors.int.test.ts",
        "an address tells so often in a minute and no more; others still do",
      ],
    ],
  },
  {
    what: "pages that fail fill the log",
    place: "createLineLimit",
    find: "lines === LINES_PER_MINUTE",
    replace: "lines < 0",
    seenBy: [
      [
        "gateway/http/client-error-log.test.ts",
        "a flood of pages that fail does not flood the log: all are counted, and a later line says how many were left out",
      ],
    ],
  },
  {
    what: "a page tells what its error says",
    place: "web/page/nameOf",
    find: 'return /^[A-Za-z]{1,40}$/.test(name) ? name : "Error";',
    replace: "return String(error);",
    seenBy: [
      [
        "web/page/page-faults.test.ts",
        "an error's message is never reported, and the report is one that the cluster accepts",
      ],
    ],
  },
];
