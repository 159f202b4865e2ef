/** Judges what PostgreSQL told. Pure. */

import type { Others } from "../membership/others.ts";
import { clockFinding } from "./clock.ts";
import { connectionsFinding } from "./connections-need.ts";
import type { Finding } from "./finding.ts";
import type { PostgresFacts } from "./server-queries.ts";

/** The oldest that is tried: Debian's. */
const MIN_VERSION = 150_000;

export type PostgresNeeds = {
  /** Makes tables: the worker and a runner, not a gateway. */
  migrates: boolean;
  gateways: number;
  /** The processes of this runner: all others that live on the database are counted besides its gateways and its worker. */
  ownPids?: readonly number[];
};

/** @param place "PostgreSQL at host:port". @param ourNow when the facts were read, ms. */
export function postgresFindings(
  facts: PostgresFacts,
  place: string,
  { migrates, gateways }: PostgresNeeds,
  ourNow: number,
  others: Others,
): Finding[] {
  return [
    version(facts, place),
    role(facts, place),
    ...(migrates && !facts.inRecovery ? [rights(facts, place)] : []),
    encoding(facts, place),
    durability(facts, place),
    connectionsFinding(facts.allowed, place, gateways, others),
    clockFinding("PostgreSQL", place, Math.round(facts.now - ourNow)),
  ];
}

function version({ versionNumber, version: words }: PostgresFacts, place: string): Finding {
  const about = "PostgreSQL version";
  if (versionNumber >= MIN_VERSION) return { kind: "fine", about, says: `${place} is PostgreSQL ${words}` };
  return { kind: "refuses", about, says: `${place} is PostgreSQL ${words}`, mend: "Suda needs 15 or later" };
}

function role({ inRecovery, readOnly, primary, database }: PostgresFacts, place: string): Finding {
  const about = "PostgreSQL role";
  if (inRecovery)
    return {
      ...{ kind: "refuses", about, mayPass: true },
      says: `${place} is a read-only standby${primary === "" ? "" : ` of ${primary}`}`,
      mend: `point DATABASE_URL to ${primary === "" ? "its primary" : primary}`,
    };
  if (readOnly)
    return {
      ...{ kind: "refuses", about, mayPass: true },
      says: `${place} opens read-only transactions (default_transaction_read_only)`,
      mend: `alter database ${quoted(database)} reset default_transaction_read_only, or the same for its role`,
    };
  return { kind: "fine", about, says: `${place} takes writes` };
}

function rights({ role: name, schema, mayCreate, foreignOwner }: PostgresFacts, place: string): Finding {
  const about = "PostgreSQL rights";
  const who = quoted(name);
  if (schema === "")
    return {
      ...{
        kind: "refuses",
        about,
        says: `${place}: the search path of the role ${who} names no schema that exists`,
      },
      mend: `create schema authorization ${who}`,
    };
  if (foreignOwner !== "")
    return {
      ...{
        kind: "refuses",
        about,
        says: `${place}: the tables belong to ${quoted(foreignOwner)}, not to ${who}`,
      },
      mend: `grant ${quoted(foreignOwner)} to ${who}`,
    };
  if (!mayCreate)
    return {
      ...{
        kind: "refuses",
        about,
        says: `${place}: the role ${who} lacks CREATE in the schema ${quoted(schema)}`,
      },
      mend: `grant usage, create on schema ${quoted(schema)} to ${who}`,
    };
  return { kind: "fine", about, says: `${place}: the role ${who} may make tables` };
}

function encoding({ encoding: name }: PostgresFacts, place: string): Finding {
  const about = "PostgreSQL encoding";
  if (name === "UTF8") return { kind: "fine", about, says: `${place} stores UTF8` };
  const says = `${place} stores ${name}`;
  const mend = "make a database with: createdb --template template0 --encoding UTF8";
  if (name === "SQL_ASCII") return { kind: "warns", about, says: `${says}, which checks no text`, mend };
  return { kind: "refuses", about, says: `${says}, which lacks most of the world's letters`, mend };
}

function durability({ fsync, commitsSurely }: PostgresFacts, place: string): Finding {
  const about = "PostgreSQL durability";
  if (fsync && commitsSurely) return { kind: "fine", about, says: `${place} syncs what it commits` };
  const off = fsync ? "synchronous_commit is off" : "fsync or full_page_writes is off";
  return {
    ...{ kind: "warns", about, says: `${place}: ${off}, so a crash of its machine loses messages` },
    ...{ promise: "no loss is off", mend: "turn it on in postgresql.conf" },
  };
}

const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
