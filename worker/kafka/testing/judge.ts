/** Judges what a reader of committed records finds in Kafka, by what PostgreSQL has. */
import { type ArchivedEvent, archivedEventJson } from "../../../shared/server/events/archived-event.ts";
import type { Kafka } from "../../../shared/server/kafka/client.ts";
import type { StoredRecord } from "../../../shared/server/kafka/records.ts";
import { topicNames } from "../../../shared/server/kafka/topics.ts";
import type { Sql } from "../../../shared/server/postgres/pool.ts";
import { comesTrue } from "../../../shared/until.ts";
import { CLUSTER } from "./publishing.ts";

type Row = ArchivedEvent & { room: string; epoch: number };

/**
 * @returns a sentence for each event that is lost, doubled, out of its order or not chained, and for each wrong message. Waits some seconds for
 * those that are committed and not visible yet: Kafka ends a transaction in each partition after it has answered.
 */
export async function findFaults(sql: Sql, kafka: Pick<Kafka, "readAll">, prefix: string): Promise<string[]> {
  let faults: string[] = [];
  const areNone = async (): Promise<boolean> => {
    faults = await findFaultsNow(sql, kafka, prefix);
    return faults.length === 0;
  };
  await comesTrue(areNone, { withinMs: 5_000, everyMs: 200 });
  return faults;
}

async function findFaultsNow(sql: Sql, kafka: Pick<Kafka, "readAll">, prefix: string): Promise<string[]> {
  const names = topicNames(prefix);
  const rows = await sql<(Omit<Row, "seq" | "at" | "epoch"> & { seq: string; at: string; epoch: string })[]>`
    select rooms.name as room, m.seq, m.kind, m.user_id as "userId", m.nickname, m.client_id as "clientId", m.text,
      m.deleted, m.data, (extract(epoch from (m.day + m.time)) * 1000)::bigint as at,
      coalesce((select max(base) from room_epochs where room_id = rooms.id and base < m.seq), 0) as epoch
    from messages m join rooms on rooms.id = m.room_id
    where rooms.kind = 'public' and m.seq <= rooms.last_seq order by m.seq`;
  const stored = rows.map((row) => ({
    ...row,
    seq: Number(row.seq),
    at: Number(row.at),
    epoch: Number(row.epoch),
  }));
  const events = await recordsIn(kafka, names.events);
  const byRoom = Map.groupBy(events, ({ key = "" }) => key);
  const rooms = new Set([...byRoom.keys(), ...stored.map(({ room }) => room)]);
  const faults = [...rooms].flatMap((room) =>
    faultsOfRoom(
      room,
      stored.filter((row) => row.room === room),
      byRoom.get(room) ?? [],
    ),
  );
  const texts = new Map(
    stored
      .filter(({ kind, deleted }) => kind === "message" && !deleted)
      .map((row) => [`${row.room}/${row.seq}`, archivedEventJson(row.room, row)]),
  );
  const kept = new Map<string, string>();
  for (const { key = "", value } of await recordsIn(kafka, names.messages))
    if (value === undefined) kept.delete(key);
    else kept.set(key, value.toString());
  for (const key of new Set([...texts.keys(), ...kept.keys()]))
    if (texts.get(key) !== kept.get(key))
      faults.push(`message ${key} is ${kept.get(key)}, not ${texts.get(key)}`);
  return faults;
}

/** A deletion may come after its message was published, so an event may have more than PostgreSQL has by now, and never less. */
function faultsOfRoom(room: string, rows: Row[], records: StoredRecord[]): string[] {
  const faults: string[] = [];
  const seqs = records.map(({ headers }) => Number(headers.ce_sequence));
  const expected = rows.map(({ seq }) => seq);
  if (JSON.stringify(seqs) !== JSON.stringify(expected))
    faults.push(`${room}: ${seqs.length} events in Kafka, ${expected.length} stored, or not in their order`);
  if (new Set(records.map(({ partition }) => partition)).size > 1)
    faults.push(`${room}: in several partitions`);
  let previous = 0;
  for (const [i, { headers, value }] of records.entries()) {
    const row = rows[i];
    if (Number(headers.ce_previous) !== previous)
      faults.push(`${room}/${seqs[i]} follows ${headers.ce_previous}, not ${previous}`);
    previous = seqs[i] ?? 0;
    if (row === undefined) continue;
    const id = `${room}/${row.epoch}/${row.seq}`;
    const source = `/suda/${CLUSTER}`;
    if (headers.ce_id !== id || headers.ce_type !== `suda.${row.kind}` || headers.ce_source !== source)
      faults.push(`${id} is called ${headers.ce_id} ${headers.ce_type} of ${headers.ce_source}`);
    if (!row.deleted && value?.toString() !== archivedEventJson(room, row))
      faults.push(`${id} is ${value?.toString()}`);
  }
  return faults;
}

async function recordsIn(kafka: Pick<Kafka, "readAll">, topic: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  await kafka.readAll(topic, (record) => void records.push(record));
  return records;
}
