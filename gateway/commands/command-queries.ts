/** SQL of commands: offsets, ids that were begun, and answers, which go to Kafka by the outbox of the worker. */

import type { Answer } from "../../shared/kafka-commands.ts";
import type { Db, Transaction } from "../../shared/server/postgres/pool.ts";

/** The id of a command is its sender's choice, so it is one of its key. */
export type CommandName = { key: string; id: string };
/** `isDone`: its effect is in PostgreSQL. `ageMs`: the time since it was begun. */
export type Begun = { answer: Answer | undefined; isDone: boolean; ageMs: number };

/** The topic, without the prefix that all have. */
const RESULTS = "command-results";

export function createCommandQueries(db: Db) {
  return {
    /** @returns the next offset of each partition that was read. */
    async readOffsets(topic: string): Promise<Map<number, bigint>> {
      const rows = await db<{ partition: number; next: string }[]>`
        select partition, next from kafka_offsets where topic = ${topic}`;
      return new Map(rows.map(({ partition, next }) => [partition, BigInt(next)]));
    },

    /** @returns whether it was not begun before. */
    async begin({ key, id }: CommandName, expires: number): Promise<boolean> {
      const { count } = await db`
        insert into kafka_commands (key, id, expires_at) values (${key}, ${id}, ${new Date(expires)})
        on conflict do nothing`;
      return count === 1;
    },

    async find({ key, id }: CommandName): Promise<Begun | undefined> {
      const [row] = await db<(Omit<Begun, "answer"> & { answer: Answer | null })[]>`
        select answer, done as "isDone", (extract(epoch from now() - begun_at) * 1000)::float8 as "ageMs"
        from kafka_commands where key = ${key} and id = ${id}`;
      return row && { ...row, answer: row.answer ?? undefined };
    },
  };
}

/** In the transaction of an effect or of answers. */
export function createCommandChangeQueries(tx: Transaction) {
  return {
    /** @returns whether it was not done before. */
    async markDone({ key, id }: CommandName): Promise<boolean> {
      const { count } = await tx`
        update kafka_commands set done = true where key = ${key} and id = ${id} and not done`;
      return count === 1;
    },

    /** @returns whether the offset was still `from`; undefined: nothing was read. */
    async moveOffset(
      topic: string,
      partition: number,
      from: bigint | undefined,
      next: bigint,
    ): Promise<boolean> {
      const { count } = await tx`
        insert into kafka_offsets (topic, partition, next) values (${topic}, ${partition}, ${String(next)})
        on conflict (topic, partition) do update set next = excluded.next
          where kafka_offsets.next = ${from === undefined ? null : String(from)}`;
      return count === 1;
    },

    /** In this order. */
    async publish(answers: Answer[]): Promise<void> {
      await tx`
        insert into kafka_outbox (topic, key, value)
        select ${RESULTS}, key, value::jsonb
        from unnest(${answers.map(({ id, record }) => id ?? record)}::text[], ${answers.map((each) => JSON.stringify(each))}::text[])
          with ordinality as answer (key, value, number)
        order by number`;
    },

    async keepAnswer({ key, id }: CommandName, answer: Answer): Promise<void> {
      await tx`
        update kafka_commands set answer = ${JSON.stringify(answer)}::text::jsonb where key = ${key} and id = ${id}`;
    },
  };
}
