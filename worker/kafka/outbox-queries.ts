/** SQL of the outbox: its first state, the order of its rows, and their removal. */
import { PRIVATE_NAME } from "../../shared/limits.ts";
import type { Db, Transaction } from "../../shared/server/postgres/pool.ts";
import type { MessageNow } from "./outbox-records.ts";
import type { OutboxPart } from "./outbox-trigger-queries.ts";

/** A row as it is published. */
export type OutboxRow = {
  /** Its number in the order of publication. */
  place: number;
  /** Without the prefix that all topics have. */
  topic: string;
  key: string;
  /** Undefined: the key is to be deleted. Of a message only where it is: a `MessagePlace`. */
  value: unknown;
  /** When the transaction of the change began, ms since the epoch. */
  at: number;
};

/** Where a message is whose row has changed. It is published as it is by then. */
export type MessagePlace = { roomId: number; seq: number; day: string };

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

    /** @returns the messages of a day that exist, each with its index in `places`. */
    async readMessages(
      day: string,
      places: readonly Omit<MessagePlace, "day">[],
    ): Promise<(MessageNow & { index: number })[]> {
      return db<(MessageNow & { index: number })[]>`
        select asked.n::integer - 1 as index, m.seq::float8 as seq, m.kind, m.user_id as "userId", m.nickname, m.client_id as "clientId",
          m.text, m.deleted, m.data, (extract(epoch from (m.day + m.time)) * 1000)::float8 as at,
          coalesce((select max(base) from room_epochs where room_id = m.room_id and base < m.seq), 0)::float8 as epoch
        from unnest(
          ${places.map(({ roomId }) => roomId)}::integer[],
          ${places.map(({ seq }) => seq)}::bigint[]
        ) with ordinality as asked (room_id, seq, n)
        join messages m on m.room_id = asked.room_id and m.seq = asked.seq
        where m.day = ${day} and m.kind = 'message'`;
    },

    /** Names of deleted rooms, with the highest seq of their events. */
    async findDeletedRooms(): Promise<Map<string, number>> {
      const rooms = await db<{ name: string; lastSeq: number }[]>`
        select name, max(last_seq)::float8 as "lastSeq" from deleted_rooms group by name`;
      return new Map(rooms.map(({ name, lastSeq }) => [name, lastSeq]));
    },

    async findClosed(): Promise<string[]> {
      const users = await db<{ id: string }[]>`select id from users where closed_at is not null`;
      return users.map(({ id }) => id);
    },

    /** Messages that are to be published as they are now. @param days of each of the keys. */
    async addChanges(topic: string, keys: readonly string[], days: readonly string[]): Promise<void> {
      await db`
        insert into kafka_outbox (topic, key, value)
        select ${topic}, key, jsonb_build_object('roomId', id, 'seq', split_part(key, '/', 2)::bigint, 'day', day)
        from unnest(${[...keys]}::text[], ${[...days]}::text[]) as given (key, day) join rooms on name = split_part(key, '/', 1)`;
    },

    /** Puts deletions of keys into the outbox. */
    async addDeletions(topic: string, keys: readonly string[]): Promise<void> {
      await db`insert into kafka_outbox (topic, key) select ${topic}, key from unnest(${[...keys]}::text[]) key`;
    },
  };
}

export function createOutboxChangeQueries(tx: Transaction) {
  return {
    /** One process at a time gives places and puts the first state in. Those who write into the outbox do not wait. */
    async lockOutbox(): Promise<void> {
      await tx`select pg_advisory_xact_lock(${OUTBOX_LOCK})`;
    },

    /**
     * Gives the next places, all of them above `mark`, to rows that have none.
     * @param without topics whose rows wait. @returns the rows, in their order.
     */
    async place(mark: number, max: number, without: readonly string[]): Promise<OutboxRow[]> {
      const rows = await tx<OutboxRow[]>`
        with last as (select greatest(${mark}::bigint, max(place)) as place from kafka_outbox),
          found as (
            select id from kafka_outbox where place is null and topic <> all(${[...without]}::text[]) order by id limit ${max}
          ),
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
     * of the audit, so that no act is missed. Private ones lose their places, because others are published on beside them: those that were
     * published and not forgotten then come once more, with the same ids.
     */
    async empty(part: OutboxPart): Promise<void> {
      const isOfPart = part === "public" ? tx`topic not like 'private.%'` : tx`topic like 'private.%'`;
      await tx`
        delete from kafka_outbox where ${isOfPart} and topic not in ('audit', 'private.audit', 'command-results')`;
      await tx`
        update kafka_outbox set value = null, place = case when ${part === "public"} then place end
        where ${isOfPart} and topic in ('audit', 'private.audit')`;
      await tx`update kafka_parts set acts_upto = coalesce((select max(id) from audit), 0) where part = ${part}`;
    },
  };
}

const columns = (db: Db) =>
  db`kafka_outbox.place::float8 as place, topic, key, value, floor(extract(epoch from at) * 1000)::float8 as at`;

const toRow = (row: OutboxRow): OutboxRow => ({ ...row, value: row.value ?? undefined });
