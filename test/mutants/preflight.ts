/** Faults in the looks at stores and machines, before and during a run. */
import type { Mutant } from "./mutant.ts";

const FINDINGS = "shared/server/preflight/findings.test.ts";
const WATCH = "shared/server/preflight/watch.int.test.ts";
const MACHINE = "infra/local/stores/machine-watch.test.ts";

const FULL_REDIS = [
  WATCH,
  "a full Redis is one line when it begins, and one with the number of refusals when it ends",
] as const;
const SWITCHED = [
  WATCH,
  "a policy that is switched is a line, a metric with the promise, and a line when it is switched back",
] as const;

export const preflight: readonly Mutant[] = [
  {
    what: "an old Redis is good enough",
    place: "redisFindings",
    find: "const MIN_MAJOR = 7;",
    replace: "const MIN_MAJOR = 6;",
    seenBy: [[FINDINGS, "Redis with %o"]],
  },
  {
    what: "a database without letters is good enough",
    place: "postgresFindings",
    find: 'if (name === "UTF8") return',
    replace: "if (name) return",
    seenBy: [[FINDINGS, "PostgreSQL with %o"]],
  },
  {
    what: "a clock may be a minute apart",
    place: "clockFinding",
    find: "const MAX_APART_MS = 2_000;",
    replace: "const MAX_APART_MS = 60_000;",
    seenBy: [
      [FINDINGS, "Redis with %o"],
      [
        WATCH,
        "a clock that jumps is one line and a count, and it is said of each store until they agree again",
      ],
    ],
  },
  {
    what: "few files are enough",
    place: "machineFindings",
    find: "const MIN_FILES = 4_096;",
    replace: "const MIN_FILES = 96;",
    seenBy: [
      [
        FINDINGS,
        "a machine with small limits is told what they carry; one that tells nothing has no findings",
      ],
      ["test/open-files.e2e.test.ts", "the start says once what so few files carry, and so does doctor"],
    ],
  },
  {
    what: "an outage of a store is a line for each command",
    place: "createStoreOutage",
    find: "if (current) return;",
    replace: "",
    seenBy: [FULL_REDIS],
  },
  {
    what: "refusals during an outage are not counted",
    place: "createStoreOutage",
    find: "current.refusals++;",
    replace: "",
    seenBy: [FULL_REDIS],
  },
  {
    what: "a change under a running process is not said",
    place: "createStoreWatch",
    find: "if (!before.has(about)) log.warn(",
    replace: "if (before.has(about)) log.warn(",
    seenBy: [SWITCHED],
  },
  {
    what: "the end of a change is not said",
    place: "createStoreWatch",
    find: 'if (now?.kind === "fine") log.info(',
    replace: "if (!now) log.info(",
    seenBy: [SWITCHED],
  },
  {
    what: "a certificate is told only when it has ended",
    place: "certificateFindings",
    find: "const SOON_DAYS = 14;",
    replace: "const SOON_DAYS = 0;",
    seenBy: [
      ["test/tls.int.test.ts", "the end of a certificate is told two weeks before, and when it has come"],
    ],
  },
  {
    what: "a disk that is full is only short of room",
    place: "machineFindings",
    find: 'bytes < FULL_DISK ? { ...finding, kind: "refuses" } : finding',
    replace: "finding",
    seenBy: [
      [
        MACHINE,
        "a disk that fills is a line when it is short of room, one when it is full, and one when there is room",
      ],
    ],
  },
  {
    what: "sockets take all connections of nginx",
    place: "nginx.conf.template",
    find: "      limit_conn sockets {{sockets}};\n",
    replace: "",
    seenBy: [
      [
        "test/open-files.e2e.test.ts",
        "at the limit sockets are refused by 503 in our form, calls have room, and sockets are let in again when others left",
      ],
    ],
  },
];
