/** Of a row, only a few columns leave PostgreSQL: each column that can hold a text gets one of its own, to be looked for in the outbox. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fillOutbox, turnOn } from "./outbox.ts";
import { type OutboxEnvironment, openOutboxEnvironment } from "./testing/outbox-environment.ts";

const OPTIONS = { withPrivate: true };
/** Columns whose values are bound to a form. */
const VALUES: Record<string, Record<string, string>> = {
  users: { id: randomUUID(), role: "moderator" },
  rooms: { name: "tea", kind: "public" },
  messages: {
    room_id: "1",
    seq: "1",
    day: new Date().toISOString().slice(0, 10),
    time: "12:00",
    kind: "message",
  },
  audit: {},
};
const COLUMNS_THAT_LEAVE = ["audit.act", "audit.detail", "audit.room", "rooms.title", "users.nickname"];

let environment: OutboxEnvironment;
beforeAll(async () => {
  environment = await openOutboxEnvironment("outbox_secrets_gateway");
});
afterAll(() => environment.close());

/** Writes a row with a text in each column that can hold one. @returns these columns. */
async function write(table: string): Promise<string[]> {
  const { sql } = environment;
  const bound = VALUES[table] ?? {};
  const columns = await sql<{ name: string; type: string }[]>`
    select column_name as name, data_type as type from information_schema.columns
    where table_name = ${table} and data_type in ('text', 'character varying', 'json', 'jsonb', 'bytea')
      and is_generated = 'NEVER' order by name`;
  const marked = columns.filter(({ name }) => !(name in bound));
  const mark = ({ name, type }: { name: string; type: string }): [string, string] => [
    name,
    type.startsWith("json") ? JSON.stringify({ [`mark.${table}.${name}`]: 1 }) : `mark.${table}.${name}`,
  ];
  const values = { ...bound, ...Object.fromEntries(marked.map(mark)) };
  const names = Object.keys(values);
  const parameters = names.map((_, index) => `$${index + 1}`);
  await sql.unsafe(`insert into ${table} (${names}) values (${parameters})`, Object.values(values));
  return marked.map(({ name }) => `${table}.${name}`);
}

it("only the name of a person, the title of a room and what the audit says leave it: no password, address, text or reason", async () => {
  const { sql, published } = environment;
  await turnOn(sql, OPTIONS);
  await fillOutbox(sql, OPTIONS, undefined);
  const marked: string[] = [];
  for (const table of Object.keys(VALUES)) marked.push(...(await write(table)));
  expect(marked).toEqual(
    expect.arrayContaining([
      "users.email",
      "users.email_key",
      "users.password_hash",
      "messages.text",
      "messages.data",
    ]),
  );
  await sql`delete from messages`;
  await sql`update users set nickname = nickname || '!', role = 'admin'`;
  await sql`update rooms set slow_mode_ms = 1`;
  await fillOutbox(sql, OPTIONS, undefined);
  await environment.publish();
  const said = JSON.stringify(published);
  expect(marked.filter((column) => said.includes(`mark.${column}`)).toSorted()).toEqual(COLUMNS_THAT_LEAVE);
});

it("no other table is watched", async () => {
  const watched = await environment.sql<{ table: string }[]>`
    select distinct tgrelid::regclass::text as "table" from pg_trigger where tgname like 'kafka%' order by 1`;
  expect(watched.map(({ table }) => table)).toEqual(Object.keys(VALUES).toSorted());
});
