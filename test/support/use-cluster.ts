/** A cluster with users for all tests of a file: started before them, ended after them. */
import { afterAll, beforeAll } from "vitest";
import type { Minted } from "../../load-tests/support/commands.ts";
import type { ClusterOptions } from "../../load-tests/support/local-cluster.ts";
import { connectPostgres, type Sql } from "../../shared/server/postgres/pool.ts";
import { startCluster, type TestCluster } from "./cluster.ts";

/** @param count the number of users. @returns accessors that work once the tests run. */
export function useCluster(options: ClusterOptions, count: number) {
  let cluster: TestCluster;
  let sql: Sql;
  let users: Minted[] = [];
  let gateways: string[] = [];

  beforeAll(async () => {
    cluster = await startCluster(options);
    sql = connectPostgres(cluster.databaseUrl(), { name: "test", max: 1 });
    [users, gateways] = await Promise.all([cluster.mint(count), cluster.gateways()]);
  });
  afterAll(async () => {
    await sql?.end();
    await cluster?.stop();
  });

  return {
    cluster: (): TestCluster => cluster,
    sql: (): Sql => sql,
    user: (index: number): Minted => required(users[index], `user ${index}`),
    /** Addresses of the gateways, past nginx. */
    gateways: (): string[] => gateways,
    gateway: (index: number): string => required(gateways[index], `gateway ${index}`),
  };
}

function required<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`there is no ${what}`);
  return found;
}
