/**
 * The outbox as a source of records. Its watermark is the place of the last row that was published, written in the same transaction: after
 * any death it goes on behind that.
 */
import type { Kafka } from "../../shared/server/kafka/client.ts";
import { privateTopicNames, topicNames } from "../../shared/server/kafka/topics.ts";
import type { Database } from "../../shared/server/postgres/database.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { readWatermark, watermarkOf } from "./event-records.ts";
import { fillOutbox, forget, readOutbox, turnOn } from "./outbox.ts";
import { createOutboxQueries, type MessagePlace, type OutboxRow } from "./outbox-queries.ts";
import { type MessageNow, type OutboxTarget, outboxRecords } from "./outbox-records.ts";
import type { Piece, Reading, Source } from "./source.ts";
import { findStale } from "./stale-messages.ts";

export type OutboxSourceDeps = {
  database: Pick<Database, "sql" | "use">;
  kafka: Pick<Kafka, "readAll">;
  withPrivate: boolean;
  /** Whether commands are taken, which have results. */
  withResults: boolean;
  /** Called when the source is open. */
  target: () => OutboxTarget;
};

/** Its key among the watermarks. */
const KEY = "_outbox";
/** How late a change is published. */
const EVERY_MS = 1_000;
const ROWS_AT_ONCE = 1_000;
/** The first state of a million users takes a minute. */
const FILL_LIMIT_MS = 3_600_000;

export function createOutboxSource(deps: OutboxSourceDeps): Source {
  const { database, kafka, withPrivate, withResults, target } = deps;
  const { sql } = database;
  const without = [...(withPrivate ? [] : ["private.audit"]), ...(withResults ? [] : ["command-results"])];
  let isOn = false;
  /** Of the last row that Kafka has, while PostgreSQL has it too. */
  let published: number | undefined;

  return { look, open, end: forgetPublished, everyMs: EVERY_MS };

  async function look(): Promise<void> {
    if (!isOn) await turnOn(sql, { withPrivate });
    isOn = true;
  }

  async function forgetPublished(): Promise<void> {
    if (published !== undefined) await forget(sql, published);
    published = undefined;
  }

  function open(): Reading {
    let mark: number | undefined;
    published = undefined;

    return {
      restore({ key, value }) {
        if (key === KEY && value !== undefined) mark = readWatermark(value);
      },
      async restored() {
        published = mark;
        await database.use(FILL_LIMIT_MS, (slow) =>
          fillOutbox(slow, { withPrivate }, mark, () => correct(slow)),
        );
      },
      async next(): Promise<Piece | undefined> {
        await forgetPublished();
        const rows = await readOutbox(sql, mark ?? 0, ROWS_AT_ONCE, without);
        const last = rows.at(-1)?.place;
        if (last === undefined) return undefined;
        const watermark = {
          topic: topicNames(target().prefix).published,
          key: KEY,
          value: watermarkOf(last),
        };
        const records = outboxRecords(rows, await messagesOf(rows), target());
        return {
          records: [...records, { ...watermark, partition: 0 }],
          settle(isCommitted) {
            if (isCommitted) published = mark = last;
          },
        };
      },
    };
  }

  /** The messages whose rows changed, by the places of the rows that say so. */
  async function messagesOf(rows: readonly OutboxRow[]): Promise<Map<number, MessageNow>> {
    const changed = rows.flatMap(({ topic, value, place }) =>
      topic.endsWith("messages") && value !== undefined ? [{ ...(value as MessagePlace), place }] : [],
    );
    const messages = new Map<number, MessageNow>();
    for (const [day, places] of Map.groupBy(changed, (each) => each.day))
      for (const message of await createOutboxQueries(sql).readMessages(day, places))
        messages.set(places[message.index]?.place ?? 0, message);
    return messages;
  }

  /** Kafka was off in the settings for a while. */
  async function correct(slow: Sql): Promise<void> {
    const { findDeletedRooms, findClosed, addDeletions, addChanges } = createOutboxQueries(slow);
    const known = { deletedRooms: await findDeletedRooms(), closed: new Set(await findClosed()) };
    const { prefix } = target();
    const topics = {
      messages: topicNames(prefix).messages,
      "private.messages": privateTopicNames(prefix).messages,
    };
    for (const [topic, full] of Object.entries(topics)) {
      if (topic !== "messages" && !withPrivate) continue;
      const { gone, renamed } = await findStale(kafka.readAll, full, known);
      await addDeletions(topic, gone);
      await addChanges(topic, [...renamed.keys()], [...renamed.values()]);
    }
  }
}
