/** SQL of the outbox: its first state, the order of its rows, and their removal. */
import { PRIVATE_NAME } from "../../shared/limits.ts";
import type { Db, Transaction } from "../../shared/server/postgres/pool.ts";
import type { OutboxPart } from "./outbox-trigger-queries.ts";

/** A row as it is published. */
export type OutboxRow = {
  /** Its number in the order of publication. */
  place: number;
  /** Without the prefix that all topics have. */
  topic: string;
  key: string;
  /** Undefined: the key is to be deleted. */
  value: unknown;
  /** When the transaction of the change began, ms since the epoch. */
  at: number;
};

/** An arbitrary lock number that nothing else in this database uses. */
const OUTBOX_LOCK = 7_834_210;

export function createOutboxQueries(db: Db) {
  return {
    /** The parts whose first state is in the outbox or in Kafka. */
    async findFilled(): Promise<OutboxPart[]> {
      const parts = await db<
        { part: OutboxPart }[]
      >`select part from kafka_parts where filled_at is not null`;
      return parts.map(({ part }) => part);
    },

    async markEmpty(part: OutboxPart): Promise<void> {
      await db`update kafka_parts set filled_at = null where part = ${part}`;
    },

    /** @returns rows above `mark` that have places, in their order. */
    async findPlaced(mark: number, max: number): Promise<OutboxRow[]> {
      const rows = await db<OutboxRow[]>`
        select ${columns(db)} from kafka_outbox where place > ${mark} order by place limit ${max}`;
      return rows.map(toRow);
    },

    async forget(mark: number): Promise<void> {
      await db`delete from kafka_outbox where place <= ${mark}`;
    },
  };
}

export function createOutboxChangeQueries(tx: Transaction) {
  return {
    /** One process at a time gives places and puts the first state in. Those who write into the outbox do not wait. */
    async lockOutbox(): Promise<void> {
      await tx`select pg_advisory_xact_lock(${OUTBOX_LOCK})`;
    },

    /** Gives the next places, all of them above `mark`, to rows that have none. @returns these, in their order. */
    async place(mark: number, max: number): Promise<OutboxRow[]> {
      const rows = await tx<OutboxRow[]>`
        with last as (select greatest(${mark}::bigint, max(place)) as place from kafka_outbox),
          found as (select id from kafka_outbox where place is null order by id limit ${max}),
          numbered as (select id, row_number() over (order by id) as number from found)
        update kafka_outbox set place = last.place + number from last, numbered where kafka_outbox.id = numbered.id
        returning ${columns(tx)}`;
      return rows.map(toRow).toSorted((one, other) => one.place - other.place);
    },

    /** From here on the transaction sees one moment of all tables. Its first statement. */
    async freeze(): Promise<void> {
      await tx`set transaction isolation level repeatable read`;
      await tx`set local statement_timeout = 0`;
    },

    /**
     * Puts the state of a part into the outbox, in place of the rows that tell of it, and below all others, which are as new or newer.
     * @param isNew Kafka has nothing of it. Otherwise it lacks the acts that were not published, and may have users and rooms that are
     * gone.
     */
    async fill(part: OutboxPart, isNew: boolean): Promise<void> {
      const isPublic = part === "public";
      const [rooms, audit] = isPublic ? ["rooms", "audit"] : ["private.rooms", "private.audit"];
      await tx`
        with replaced as (
          delete from kafka_outbox where topic in (${rooms}, ${audit}) or (topic = 'users' and ${isPublic}) returning topic, key
        ), state (number, topic, key, value) as (
          select 0, 'users', id::text, kafka_user(users) from users where ${isPublic} and not (${isNew} and closed_at is not null)
          union all select 0, ${rooms}, name, kafka_room(rooms) from rooms where (kind = 'public') = ${isPublic}
          union all select distinct 0, ${rooms}, name, null::jsonb from deleted_rooms
            where not ${isNew} and (name !~ ${PRIVATE_NAME.source}) = ${isPublic} and name not in (select name from rooms)
          union all select id, ${audit}, id::text, kafka_act(audit) from audit
            where (coalesce(room, detail ->> 'room', '') !~ ${PRIVATE_NAME.source}) = ${isPublic} and (
              ${isNew} or id > (select acts_upto from kafka_parts where part = ${part})
              or id::text in (select key from replaced where topic = ${audit})
            )
        )
        insert into kafka_outbox (id, topic, key, value) overriding system value
        select (select least(min(id), 0) from kafka_outbox) - row_number() over (order by number desc), topic, key, value
        from state`;
      await tx`update kafka_parts set filled_at = now() where part = ${part}`;
    },

    /**
     * Removes the rows of a part, but for the ids of acts that were not published. To be called in the transaction that drops the trigger
     * of the audit, so that no act is missed.
     */
    async empty(part: OutboxPart): Promise<void> {
      const isOfPart = part === "public" ? tx`topic not like 'private.%'` : tx`topic like 'private.%'`;
      await tx`
        delete from kafka_outbox where ${isOfPart} and topic not in ('audit', 'private.audit', 'command-results')`;
      await tx`
        update kafka_outbox set value = null where ${isOfPart} and topic in ('audit', 'private.audit')`;
      await tx`update kafka_parts set acts_upto = coalesce((select max(id) from audit), 0) where part = ${part}`;
    },
  };
}

const columns = (db: Db) =>
  db`kafka_outbox.place::float8 as place, topic, key, value, floor(extract(epoch from at) * 1000)::float8 as at`;

const toRow = (row: OutboxRow): OutboxRow => ({ ...row, value: row.value ?? undefined });
