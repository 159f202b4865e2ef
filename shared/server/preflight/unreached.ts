/** The finding about a store that was not reached, or that let nobody in. */
import type { Finding } from "./finding.ts";
import { codeOf, describeStore, reasonOf, type StoreName, withoutPassword } from "./store-address.ts";

const VARIABLES: Record<StoreName, string> = { Redis: "REDIS_URL", PostgreSQL: "DATABASE_URL" };

/** Reasons that only an operator mends, by the start of Redis' words or by SQLSTATE. */
const LASTING: [pattern: RegExp, mend: (variable: string) => string][] = [
  [
    /^(WRONGPASS|NOAUTH|ERR AUTH|ERR invalid password|28P01)/,
    (variable) => `correct the user and the password in ${variable}`,
  ],
  [/^28/, (variable) => `correct ${variable}, or let this role in by pg_hba.conf`],
  [/^ERR DB index/, (variable) => `choose a number that it has at the end of ${variable}`],
  [/^NOPERM/, () => "allow its user what infra/redis/users.acl.template names"],
  [/^3D000/, (variable) => `make it with createdb, or correct the name at the end of ${variable}`],
  [/^(42|ERR)/, (variable) => `correct ${variable}`],
  [
    /TLS|SSL|CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO/,
    (variable) => `correct the certificate, or the scheme of ${variable}`,
  ],
];

/** Reasons that may pass, with more to do than to start the server. */
const PASSING: [code: RegExp, mend: (variable: string) => string][] = [
  [/^(ENOTFOUND|EAI_AGAIN)/, (variable) => `correct the host in ${variable}`],
  [/^53300/, () => "raise max_connections, or start fewer gateways"],
  [/^(57P03|LOADING)/, () => "wait until it has started"],
];

export function unreached(store: StoreName, url: string, error: unknown): Finding {
  const variable = VARIABLES[store];
  const code = codeOf(error) || (error instanceof Error ? error.message : "");
  const find = (list: typeof LASTING) => list.find(([pattern]) => pattern.test(code))?.[1];
  const passing = find(PASSING);
  const lasting = passing ? undefined : find(LASTING);
  const mend = lasting ?? passing ?? ((name: string) => `start it, or correct ${name}`);
  return {
    kind: "refuses",
    about: `${store} reached`,
    says: withoutPassword(`${describeStore(store, url)}: ${reasonOf(error)}`, url),
    mend: mend(variable),
    ...(lasting ? {} : { mayPass: true }),
  };
}
