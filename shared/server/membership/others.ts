/** The processes of other runners that live on a database: they need connections too. */
import { hostname } from "node:os";
import { PostgresError, SQLSTATE, type Sql } from "../postgres/pool.ts";
import { createMembershipQueries, type Member } from "./membership-queries.ts";

/** `machines` that they are on. */
export type Others = { gateways: number; workers: number; machines: number };

export const NO_OTHERS: Others = { gateways: 0, workers: 0, machines: 0 };

/** @param ownPids of this runner on this machine. */
export async function countOthers(sql: Sql, ownPids: readonly number[]): Promise<Others> {
  const here = hostname();
  const isOther = ({ machine, pid }: Member): boolean =>
    machine !== here || (!ownPids.includes(pid) && isAlive(pid));
  const others = (await findMembers(sql)).filter(isOther);
  return {
    gateways: others.filter(({ kind }) => kind === "gateway").length,
    workers: others.filter(({ kind }) => kind === "worker").length,
    machines: new Set(others.map(({ machine }) => machine)).size,
  };
}

/** A database whose tables are not made yet, or are of an earlier release, has none. */
async function findMembers(sql: Sql): Promise<Member[]> {
  try {
    return await createMembershipQueries(sql).findMembers();
  } catch (error) {
    if (error instanceof PostgresError && error.code === SQLSTATE.undefinedTable) return [];
    throw error;
  }
}

/** The row of a process that was killed stays for some seconds. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
