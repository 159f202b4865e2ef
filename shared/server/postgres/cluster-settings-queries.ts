/** SQL of the settings that all processes on one database must share. The first process to start writes them. */
import { Unavailable } from "../process/unavailable.ts";
import type { ClusterName } from "./cluster-name.ts";
import type { Sql } from "./pool.ts";

export function createClusterSettingsQueries(sql: Sql) {
  return {
    /**
     * Stores the number of shards if none is stored yet.
     * @throws Error if the data was written with another number, because rooms would be looked up under other keys.
     */
    async checkShards(shards: number): Promise<void> {
      await sql`insert into cluster (key, value) values ('shards', ${String(shards)}) on conflict do nothing`;
      const [row] = await sql<{ value: string }[]>`select value from cluster where key = 'shards'`;
      if (row?.value !== String(shards))
        throw new Error(
          `SUDA_SHARDS is ${shards}, but this database was started with ${row?.value}. The number is fixed for the life of the data.`,
        );
    },

    /** The public key of the worker that started last: the one that signs notifications. */
    async keepPushKey(publicKey: string): Promise<void> {
      await sql`
        insert into cluster (key, value) values ('push_key', ${publicKey})
        on conflict (key) do update set value = excluded.value where cluster.value <> excluded.value`;
    },

    /** @throws Unavailable until the worker's migrations have given the cluster a name. */
    async readClusterName(): Promise<ClusterName> {
      const rows = await sql<{ key: string; value: string }[]>`
        select key, value from cluster where key in ('id', 'former_cookie_until')`;
      const values = new Map(rows.map(({ key, value }) => [key, value]));
      const id = values.get("id");
      if (id === undefined) throw new Unavailable("the cluster has no name yet");
      return { id, formerCookieUntil: Number(values.get("former_cookie_until") ?? 0) };
    },
  };
}
