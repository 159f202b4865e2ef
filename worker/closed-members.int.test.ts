/** Closed accounts leave private rooms, also when the gateway that closed them died after the account was closed and before that. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import type { ControlEvent } from "../shared/server/redis/control-events.ts";
import { openMembersStore } from "../shared/server/redis/members-store.ts";
import { createClosedMembers } from "./closed-members.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
let room = "";
let count = 0;
let published: ControlEvent[] = [];
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  published = [];
  room = `p-${String.fromCharCode(97 + count++).repeat(26)}`;
  await environment.sql`
    insert into rooms (name, title, kind, archived_at, history_hidden, let_go_at)
    values (${room}, ${room}, 'private', now(), true, now())`;
  await environment.openRoom(room);
});

const id = (n: number): string => `01936f6e-0000-7000-8000-${String(count * 100 + n).padStart(12, "0")}`;
const join = async (n: number, role: string, closed: string | null = null): Promise<string> => {
  const { sql } = environment;
  await sql`
    insert into users (id, nickname, closed_at) values (${id(n)}, ${`user ${id(n)}`}, now() - ${closed}::interval)`;
  await sql`
    insert into room_members (room_id, user_id, role, joined_at)
    select id, ${id(n)}, ${role}, now() + ${n} * interval '1 second' from rooms where name = ${room}`;
  return id(n);
};
const rolesNow = async (): Promise<string[]> =>
  (
    await environment.sql<{ role: string }[]>`
      select m.role from room_members m join rooms on rooms.id = room_id where name = ${room} order by joined_at`
  ).map(({ role }) => role);
const open = (publish = async (event: ControlEvent): Promise<unknown> => published.push(event)) =>
  createClosedMembers({
    ...{ database: environment.deps.database, limitMs: 5_000, log: environment.deps.log, publish },
    marks: openMembersStore(environment.redis, environment.keys),
    scripts: environment.scripts,
  });
const markNow = (): Promise<string | null> => environment.redis.get(environment.keys.members(room));

it("the owner of a closed account leaves, the room has another one, and all gateways hear of it", async () => {
  const [owner, , moderator] = [
    await join(1, "owner", "1 hour"),
    await join(2, "member"),
    await join(3, "moderator"),
  ];
  const before = await markNow();
  await open()();
  expect(await rolesNow()).toEqual(["member", "owner"]);
  const [{ version } = { version: 0 }] = await environment.sql<{ version: number }[]>`
    select members_version as version from rooms where name = ${room}`;
  expect(published).toEqual([
    { kind: "private_room", room, version, members: [owner, moderator], gone: [owner] },
  ]);
  expect(await markNow()).not.toBe(before);
  await open()();
  expect(published).toHaveLength(1);
});

it("a room whose last member closed the account is removed with everything in it", async () => {
  await environment.say(room, "to nobody");
  await join(1, "owner", "1 hour");
  await open()();
  expect(await environment.sql`select from rooms where name = ${room}`).toHaveLength(0);
  expect(await environment.sql`select from deleted_rooms where name = ${room}`).toHaveLength(1);
  expect(published).toMatchObject([{ room, version: Number.MAX_SAFE_INTEGER }]);
  await expect(environment.say(room, "after all")).rejects.toThrow("not open");
});

it("a member who closed the account just now is left to the gateway, and one who has an account stays", async () => {
  await join(1, "owner", "1 second");
  await join(2, "member");
  await open()();
  expect(await rolesNow()).toEqual(["owner", "member"]);
});

it("news that Redis did not take are told later, and a start finds accounts that closed long ago", async () => {
  await join(1, "owner", "40 days");
  await join(2, "member");
  let isDown = true;
  const run = open(async (event) => {
    if (isDown) throw new Unavailable("down");
    published.push(event);
  });
  await expect(run()).rejects.toThrow("down");
  isDown = false;
  await run();
  expect(published).toMatchObject([{ room }]);
  expect(await rolesNow()).toEqual(["owner"]);
});
