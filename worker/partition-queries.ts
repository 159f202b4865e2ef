/** SQL of the partitions of `messages`, one for each day. */
import type { Db, Transaction } from "../shared/server/postgres/pool.ts";

/** An arbitrary lock number that nothing else in this database uses. */
const PARTITIONS_LOCK = 7_834_202;

export function createPartitionChangeQueries(tx: Transaction) {
  return {
    /** Only one worker at a time changes partitions. It waits briefly for readers and then fails, so that it does not block them. */
    async lockPartitions(): Promise<void> {
      await tx`set local lock_timeout = '5s'`;
      await tx`select pg_advisory_xact_lock(${PARTITIONS_LOCK})`;
    },

    /**
     * Owned by the owner of `messages`, even if an operator's superuser creates it, because the worker has to drop it one
     * day.
     * @param day and `next` as `2026-11-22`, only from callers in this folder: DDL takes no parameters.
     */
    async createPartition(day: string, next: string): Promise<void> {
      const name = partitionOf(day);
      await tx.unsafe(
        `create table if not exists ${name} partition of messages for values from ('${day}') to ('${next}');
        do $$ begin
          execute format('alter table ${name} owner to %I',
            (select pg_get_userbyid(relowner) from pg_class where oid = 'messages'::regclass));
        end $$`,
      );
    },

    /**
     * Locks a day that is to be dropped. Nobody else's, so it may be waited for: PostgreSQL's own upkeep lets go of it after a second. The
     * drop takes `messages` itself for a moment, and whoever comes meanwhile waits behind it: that is given up soon.
     */
    async lockExpired(day: string): Promise<void> {
      const name = partitionOf(day);
      await tx.unsafe(`set local lock_timeout = '2s'`);
      await tx.unsafe(
        `do $$ begin
          if to_regclass('${name}') is not null then lock table ${name} in access exclusive mode; end if;
        end $$`,
      );
      await tx.unsafe(`set local lock_timeout = '100ms'`);
    },

    async dropPartition(day: string): Promise<void> {
      await tx.unsafe(`drop table if exists ${partitionOf(day)}`);
    },
  };
}

export function createPartitionQueries(db: Db) {
  return {
    /** @returns the days that have a partition, oldest first. */
    async findPartitions(): Promise<string[]> {
      const tables = await db<{ day: string }[]>`
        select to_char(to_date(substring(child.relname from '^messages_([0-9]{8})$'), 'YYYYMMDD'), 'YYYY-MM-DD') as day
        from pg_inherits join pg_class child on child.oid = inhrelid
        where inhparent = 'messages'::regclass and child.relname ~ '^messages_[0-9]{8}$'
        order by day`;
      return tables.map(({ day }) => day);
    },
  };
}

function partitionOf(day: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new RangeError(`${day} is no day`);
  return `messages_${day.replaceAll("-", "")}`;
}
