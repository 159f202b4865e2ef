/**
 * The outbox: changes of users and rooms, acts of the audit and results of commands wait in PostgreSQL until Kafka has them. Each is
 * published in one Kafka transaction with the mark, the place of the last row that was published: rows above it were not, and those up
 * to it never are again.
 */
import { inTransaction, type Sql } from "../../shared/server/postgres/pool.ts";
import { createOutboxChangeQueries, createOutboxQueries, type OutboxRow } from "./outbox-queries.ts";
import { createOutboxTriggerQueries, type OutboxPart } from "./outbox-trigger-queries.ts";

export type OutboxOptions = {
  /** Whether rooms that are not public are published too. */
  withPrivate: boolean;
};

/**
 * Has all changes from now on written into the outbox. Needs no Kafka. Idempotent.
 * @throws Unavailable also when somebody holds a table for too long.
 */
export async function turnOn(sql: Sql, { withPrivate }: OutboxOptions): Promise<void> {
  const { createTriggers } = createOutboxTriggerQueries(sql);
  await createTriggers("public");
  if (withPrivate) await createTriggers("private");
  else await end(sql, "private");
}

/**
 * Ends what `turnOn` began. The outbox keeps only the ids of acts that were not published, and results of commands. Costs a query where it
 * is off.
 * @throws Unavailable also when somebody holds a table for too long.
 */
export async function turnOff(sql: Sql): Promise<void> {
  await end(sql, "private");
  await end(sql, "public");
}

/**
 * Puts the first state into the outbox, unless it was. To be called before the first read, with `turnOn` done.
 * @param mark undefined: Kafka has none, because it is a new one.
 * @param onReturn called before, if Kafka has an older state: Kafka was off in the settings meanwhile.
 */
export async function fillOutbox(
  sql: Sql,
  { withPrivate }: OutboxOptions,
  mark: number | undefined,
  onReturn: () => Promise<void> = async () => undefined,
): Promise<void> {
  const filled = await createOutboxQueries(sql).findFilled();
  const wanted: OutboxPart[] = withPrivate ? ["public", "private"] : ["public"];
  const missing = wanted.filter((part) => mark === undefined || !filled.includes(part));
  if (missing.length > 0 && mark !== undefined) await onReturn();
  for (const part of missing)
    await inTransaction(sql, async (tx) => {
      const { freeze, lockOutbox, fill } = createOutboxChangeQueries(tx);
      await freeze();
      await lockOutbox();
      await createOutboxQueries(tx).forget(mark ?? 0);
      await fill(part, mark === undefined);
    });
}

/**
 * The rows to publish next, in their order. Of rows with the same key the last one is the newest state. Rows that were read and not
 * published come again.
 * @param mark of the last transaction that Kafka committed. @param without topics that Kafka does not have: their rows wait.
 */
export async function readOutbox(
  sql: Sql,
  mark: number,
  max: number,
  without: readonly string[] = [],
): Promise<OutboxRow[]> {
  const pending = await createOutboxQueries(sql).findPlaced(mark, max);
  if (pending.length > 0) return pending;
  return inTransaction(sql, async (tx) => {
    const { lockOutbox, place } = createOutboxChangeQueries(tx);
    await lockOutbox();
    return place(mark, max, without);
  });
}

/** Removes rows that Kafka has. @param mark as it was committed. */
export const forget = (sql: Sql, mark: number): Promise<void> => createOutboxQueries(sql).forget(mark);

async function end(sql: Sql, part: OutboxPart): Promise<void> {
  const { findTriggers, dropTrigger } = createOutboxTriggerQueries(sql);
  const { findFilled, markEmpty } = createOutboxQueries(sql);
  const present = await findTriggers(part);
  if (present.length === 0 && !(await findFilled()).includes(part)) return;
  // First, because from here on changes are missed.
  await markEmpty(part);
  for (const trigger of present.filter(({ table }) => table !== "audit")) await dropTrigger(trigger);
  await inTransaction(sql, async (tx) => {
    for (const trigger of present.filter(({ table }) => table === "audit"))
      await createOutboxTriggerQueries(tx).dropTrigger(trigger);
    await createOutboxChangeQueries(tx).empty(part);
  });
}
