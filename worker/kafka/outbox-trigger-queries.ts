/** SQL of the triggers that fill the outbox. They exist only while the worker has a Kafka. */
import { PRIVATE_NAME } from "../../shared/limits.ts";
import { type Db, inTransaction } from "../../shared/server/postgres/pool.ts";

/** A part of the outbox: users and rooms that all may enter, or rooms that are not public. */
export type OutboxPart = "public" | "private";

/** Writers of a table wait behind a change of its triggers, so the change gives up soon, and before PostgreSQL looks for deadlocks. */
const LOCK_TIMEOUT = "500ms";
/** The columns that `kafka_user` and `kafka_room` read. */
const OF_USERS = ["nickname", "role", "closed_at"];
const OF_ROOMS = ["name", "title", "slow_mode_ms", "archived_at", "history_hidden", "kind", "pinned_seq"];

const changed = (columns: string[]): string =>
  `(${columns.map((name) => `old.${name}`)}) is distinct from (${columns.map((name) => `new.${name}`)})`;

/** By name: the definition of each trigger, in the order in which they are made. */
const TRIGGERS: Record<OutboxPart, Record<string, string>> = {
  public: {
    kafka_users: "after insert or delete on users for each row execute function kafka_user_changed()",
    kafka_users_updated: `after update of ${OF_USERS} on users for each row when (${changed(OF_USERS)})
      execute function kafka_user_changed()`,
    ...ofRooms("kafka", "''", "= 'public'", "!~"),
  },
  private: ofRooms("kafka_private", "'private.'", "<> 'public'", "~"),
};

function ofRooms(prefix: string, argument: string, kind: string, matches: string): Record<string, string> {
  const room = `execute function kafka_room_changed(${argument})`;
  return {
    [`${prefix}_rooms_made`]: `after insert on rooms for each row when (new.kind ${kind}) ${room}`,
    [`${prefix}_rooms_updated`]: `after update of ${OF_ROOMS} on rooms for each row
      when (new.kind ${kind} and ${changed(OF_ROOMS)}) ${room}`,
    [`${prefix}_rooms_deleted`]: `after delete on rooms for each row when (old.kind ${kind}) ${room}`,
    [`${prefix}_messages`]: `after delete on messages referencing old table as gone for each statement
      execute function kafka_messages_removed(${argument})`,
    [`${prefix}_audit`]: `after insert on audit for each row
      when (coalesce(new.room, new.detail ->> 'room', '') ${matches} '${PRIVATE_NAME.source}')
      execute function kafka_act_recorded(${argument})`,
  };
}

type PresentTrigger = { name: string; table: string };

export function createOutboxTriggerQueries(db: Db) {
  return {
    findTriggers,

    /** Creates the triggers of a part that are missing. @throws Unavailable when a table is locked for too long. */
    async createTriggers(part: OutboxPart): Promise<void> {
      const present = new Set((await findTriggers(part)).map(({ name }) => name));
      for (const [name, definition] of Object.entries(TRIGGERS[part]))
        if (!present.has(name)) await change(`create or replace trigger ${name} ${definition}`);
    },

    /** @throws Unavailable when its table is locked for too long. */
    async dropTrigger({ name, table }: PresentTrigger): Promise<void> {
      await change(`drop trigger if exists ${name} on ${table}`);
    },
  };

  function findTriggers(part: OutboxPart): Promise<PresentTrigger[]> {
    return db<PresentTrigger[]>`
      select tgname as name, tgrelid::regclass::text as "table" from pg_trigger
      where tgname = any(${Object.keys(TRIGGERS[part])}::text[])
        and tgrelid in ('users'::regclass, 'rooms'::regclass, 'messages'::regclass, 'audit'::regclass)`;
  }

  function change(statement: string): Promise<unknown> {
    return inTransaction(db, async (tx) => {
      await tx.unsafe(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
      await tx.unsafe(statement);
    });
  }
}
