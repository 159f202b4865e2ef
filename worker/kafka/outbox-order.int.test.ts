/** Transactions of several gateways that overlap in any way: Kafka gets each of their changes once, and the last one of each key last. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { fillOutbox, turnOn } from "./outbox.ts";
import { type OutboxEnvironment, openOutboxEnvironment } from "./testing/outbox-environment.ts";

const SESSIONS = 3;
const USERS = 3;
let environment: OutboxEnvironment;
let sessions: Session[];
beforeAll(async () => {
  environment = await openOutboxEnvironment("outbox_order_gateway");
  await turnOn(environment.sql, { withPrivate: false });
  await fillOutbox(environment.sql, { withPrivate: false }, undefined);
  await environment.publish();
  sessions = Array.from({ length: SESSIONS }, () => openSession(environment.openSession()));
});
afterAll(async () => {
  for (const { sql } of sessions) await sql.end({ timeout: 1 });
  await environment.close();
});

/** A gateway's connection with its transaction under way: the users that it has locked, and what it has said. */
type Session = { sql: Sql; begun: boolean; locks: Set<string>; said: string[] };
const openSession = (sql: Sql): Session => ({ sql, begun: false, locks: new Set(), said: [] });

const session = fc.nat(SESSIONS - 1);
const steps = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("record" as const), session }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("rename" as const), session, user: fc.nat(USERS - 1) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("commit" as const), session }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("rollback" as const), session }) },
    {
      weight: 3,
      arbitrary: fc.record({
        ...{ kind: fc.constant("publish" as const), max: fc.integer({ min: 1, max: 4 }) },
        ...{ fails: fc.boolean(), forgets: fc.boolean() },
      }),
    },
  ),
  { minLength: 10, maxLength: 40 },
);
type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

it("however transactions overlap, each committed change is published once, and those of a key in the order in which they were made", async () => {
  await fc.assert(fc.asyncProperty(steps, check), { numRuns: 60 });
}, 60_000);

async function check(taken: Steps): Promise<void> {
  environment.published.length = 0;
  const users = Array.from({ length: USERS }, () => randomUUID());
  for (const user of users) await environment.gateway`insert into users (id, nickname) values (${user}, '0')`;
  const committed = [...users.map((user) => `${user} 0`), ...(await take(taken, users))];
  await environment.publish();

  const published = environment.published.map(({ topic, key, value }) =>
    topic === "audit" ? `act ${key}` : `${key} ${(value as { nickname: string }).nickname}`,
  );
  expect(published.toSorted()).toEqual(committed.toSorted());
  for (const user of users) {
    const ofUser = (list: string[]): string[] => list.filter((said) => said.startsWith(user));
    expect(ofUser(published)).toEqual(ofUser(committed));
  }
}

/** @returns everything that was committed, in the order of the commits. */
async function take(taken: Steps, users: string[]): Promise<string[]> {
  const committed: string[] = [];
  let count = 0;
  for (const step of taken) {
    if (step.kind === "publish") await environment.publish(step);
    else {
      const mine = sessions[step.session] as Session;
      if (step.kind === "record") await record(mine);
      else if (step.kind === "rename") await rename(mine, users[step.user] as string, ++count);
      else committed.push(...(await finish(mine, step.kind)));
    }
  }
  for (const mine of sessions) committed.push(...(await finish(mine, "commit")));
  return committed;
}

async function record(mine: Session): Promise<void> {
  await begin(mine);
  const [row] = await mine.sql`insert into audit (act) values ('mute') returning id`;
  mine.said.push(`act ${row?.id}`);
}

async function rename(mine: Session, user: string, count: number): Promise<void> {
  // It would wait for the other one's end.
  if (sessions.some((other) => other !== mine && other.locks.has(user))) return;
  await begin(mine);
  await mine.sql`update users set nickname = ${String(count)} where id = ${user}`;
  mine.locks.add(user);
  mine.said.push(`${user} ${count}`);
}

async function begin(mine: Session): Promise<void> {
  if (!mine.begun) await mine.sql`begin`;
  mine.begun = true;
}

async function finish(mine: Session, how: "commit" | "rollback"): Promise<string[]> {
  if (!mine.begun) return [];
  await mine.sql.unsafe(how);
  const { said } = mine;
  Object.assign(mine, openSession(mine.sql));
  return how === "commit" ? said : [];
}
