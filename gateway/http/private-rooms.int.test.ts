import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CIRCLES_MAX, INVITATIONS_MAX, MEMBERS_MAX } from "../../shared/limits.ts";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
let ana: Visitor;
let bob: Visitor;
let cho: Visitor;
let eve: Visitor;
beforeAll(async () => {
  api = await startApi();
  [ana, bob, cho, eve] = [await signUp(api), await signUp(api), await signUp(api), await signUp(api)];
});
afterAll(() => api.close());

const ask = (line: string, by: Visitor | undefined, body?: object) =>
  call(api, line, { ...(by ? { bearer: by.accessToken } : {}), ...(body ? { body } : {}) });
const id = ({ user }: Visitor): string => user.id;

/** A private room of Ana's, with these members. @returns its path. */
async function makeRoom(...members: Visitor[]): Promise<string> {
  const { status, body } = await ask("POST /api/rooms", ana, { title: "Secret", private: true });
  expect(status).toBe(201);
  const path = `/api/rooms/${body.room.name}`;
  for (const member of members)
    expect((await ask(`PUT ${path}/members/${id(member)}`, ana, {})).status).toBe(204);
  return path;
}
const give = (path: string, to: Visitor, role: string, by = ana) =>
  ask(`PUT ${path}/members/${id(to)}`, by, { role });
const takeOut = (path: string, whom: Visitor, by = ana) => ask(`DELETE ${path}/members/${id(whom)}`, by);
async function rolesIn(path: string, by = ana): Promise<Record<string, string>> {
  const { body } = await ask(`GET ${path}/members`, by);
  const names = new Map([ana, bob, cho, eve].map((each) => [id(each), each]));
  const keys = { [id(ana)]: "ana", [id(bob)]: "bob", [id(cho)]: "cho", [id(eve)]: "eve" };
  return Object.fromEntries(
    (body.members ?? [])
      .filter((member: { id: string }) => names.has(member.id))
      .map((member: { id: string; roomRole: string }) => [keys[member.id], member.roomRole]),
  );
}
const codeOf = async (reply: ReturnType<typeof ask>): Promise<string> => {
  const { status, body } = await reply;
  return status < 300 ? "done" : body.code;
};

describe("a private room", () => {
  test("has a name that nobody chose, and is in nobody's list but its members'", async () => {
    const { body } = await ask("POST /api/rooms", ana, { title: "Secret", private: true, name: "mine" });
    expect(body.room).toMatchObject({ title: "Secret", kind: "private" });
    expect(body.room.name).toMatch(/^p-[a-z2-7]{26}$/);
    const listed = async (line: string, by: Visitor) => JSON.stringify((await ask(line, by)).body);
    expect(await listed("GET /api/me/rooms", ana)).toContain(body.room.name);
    expect(await listed("GET /api/me/rooms", eve)).not.toContain(body.room.name);
    for (const line of ["GET /api/rooms?limit=200", "GET /api/rooms?query=secret"])
      expect(await listed(line, ana)).not.toContain(body.room.name);
  });

  test("of such a name no public room is made", async () => {
    const { status, body } = await ask("POST /api/rooms", eve, { name: `p-${"a".repeat(26)}`, title: "x" });
    expect([status, body.fields]).toEqual([400, { name: "not_allowed" }]);
    expect((await ask("POST /api/rooms", eve, { title: "x" })).body.fields).toEqual({ name: "missing" });
  });

  test("is shown to its members and to nobody else, from the moment they come to the moment they go", async () => {
    const path = await makeRoom(bob);
    expect((await ask(`GET ${path}`, bob)).body.room.title).toBe("Secret");
    expect(await codeOf(ask(`GET ${path}/messages`, bob))).toBe("done");
    expect(await codeOf(ask(`GET ${path}`, eve))).toBe("no_such_room");
    expect(await codeOf(ask(`GET ${path}`, undefined))).toBe("no_such_room");
    expect(await codeOf(takeOut(path, bob))).toBe("done");
    for (const line of [`GET ${path}`, `GET ${path}/messages`, `GET ${path}/people`, `GET ${path}/members`])
      expect(await codeOf(ask(line, bob))).toBe("no_such_room");
  });

  test("is an archived room with a hidden history to the release before, whatever that does", async () => {
    const path = await makeRoom();
    const name = path.slice("/api/rooms/".length);
    const seen = await api.sql`
      select archived_at is not null as archived, history_hidden, let_go_at is not null as kept
      from rooms where name = ${name}`;
    expect([...seen]).toEqual([{ archived: true, history_hidden: true, kept: true }]);
    // The statements of its gateways and workers that would open it.
    for (const change of [
      "archived_at = null, history_hidden = false, let_go_at = null",
      "history_hidden = false",
      "let_go_at = null",
    ])
      await expect(api.sql.unsafe(`update rooms set ${change} where name = '${name}'`)).rejects.toMatchObject(
        { code: "23514" },
      );
    expect((await ask(`GET ${path}`, ana)).status).toBe(200);
  });

  test("every member adds people; owners alone give roles; moderators take out those below them", async () => {
    const path = await makeRoom(bob);
    expect(await codeOf(ask(`PUT ${path}/members/${id(cho)}`, bob, {}))).toBe("done");
    expect(await codeOf(give(path, cho, "moderator", bob))).toBe("forbidden");
    expect(await codeOf(ask(`PUT ${path}/members/${id(eve)}`, bob, { role: "owner" }))).toBe("forbidden");
    expect(await codeOf(takeOut(path, cho, bob))).toBe("forbidden");
    expect(await codeOf(give(path, bob, "moderator"))).toBe("done");
    expect(await codeOf(takeOut(path, ana, bob))).toBe("forbidden");
    expect(await codeOf(ask(`PATCH ${path}`, cho, { title: "Ours" }))).toBe("forbidden");
    expect((await ask(`PATCH ${path}`, bob, { title: "Ours" })).body.room.title).toBe("Ours");
    expect(await codeOf(takeOut(path, cho, bob))).toBe("done");
    expect(await rolesIn(path)).toEqual({ ana: "owner", bob: "moderator" });
  });

  test("a role in the cluster is none there", async () => {
    const path = await makeRoom(bob);
    const admin = await signUp(api);
    await api.sql`update users set role = 'admin' where id = ${id(admin)}`;
    expect(await codeOf(ask(`GET ${path}`, admin))).toBe("no_such_room");
    expect(await codeOf(ask(`PATCH ${path}`, admin, { title: "Mine" }))).toBe("no_such_room");
    expect(await codeOf(takeOut(path, bob, admin))).toBe("no_such_room");
    expect(await codeOf(ask(`DELETE ${path}?history=hidden`, admin))).toBe("forbidden");
    expect(await codeOf(ask(`DELETE ${path}?history=deleted`, admin))).toBe("done");
    expect(await codeOf(ask(`GET ${path}`, ana))).toBe("no_such_room");
  });

  test("the last owner keeps the role, and who stays longest takes over when the last owner goes", async () => {
    const path = await makeRoom(bob, cho);
    expect(await codeOf(give(path, ana, "member"))).toBe("forbidden");
    expect(await codeOf(give(path, cho, "moderator"))).toBe("done");
    expect(await codeOf(takeOut(path, ana))).toBe("done");
    expect(await rolesIn(path, cho)).toEqual({ cho: "owner", bob: "member" });
    expect(await codeOf(takeOut(path, cho, cho))).toBe("done");
    expect(await rolesIn(path, bob)).toEqual({ bob: "owner" });
  });

  test("when all owners go at once there is an owner still, and with the last member the room goes", async () => {
    const path = await makeRoom(bob, cho);
    await give(path, bob, "owner");
    await Promise.all([takeOut(path, ana), takeOut(path, bob, bob)]);
    expect(await rolesIn(path, cho)).toEqual({ cho: "owner" });
    await takeOut(path, cho, cho);
    const [{ rooms }] = await api.sql<[{ rooms: number }]>`
      select count(*)::integer as rooms from rooms where name = ${path.slice("/api/rooms/".length)}`;
    expect(rooms).toBe(0);
    expect(await codeOf(ask(`GET ${path}`, cho))).toBe("no_such_room");
  });

  test("a muted member may leave, and show nobody anything", async () => {
    const path = await makeRoom(bob);
    await api.sql`
      update users set restricted_reason = 'loud', restricted_until = now() + interval '1 hour' where id = ${id(bob)}`;
    expect(await codeOf(ask(`PUT ${path}/members/${id(eve)}`, bob, {}))).toBe("muted");
    expect(await codeOf(takeOut(path, bob, bob))).toBe("done");
    await api.sql`update users set restricted_reason = null, restricted_until = null where id = ${id(bob)}`;
  });

  test("a closed account leaves its rooms, and another member takes over", async () => {
    const path = await makeRoom(bob, eve);
    const owner = await signUp(api);
    await ask(`PUT ${path}/members/${id(owner)}`, ana, { role: "owner" });
    await takeOut(path, ana);
    await ask("DELETE /api/me", owner, { password: owner.password });
    expect(await rolesIn(path, bob)).toEqual({ bob: "owner", eve: "member" });
  });

  test("members and rooms are bounded in number", async () => {
    const path = await makeRoom();
    const room = path.slice("/api/rooms/".length);
    await api.sql`
      with crowd as (
        insert into users (id, email, email_key, nickname, nickname_key)
        select gen_random_uuid(), n || '@crowd', n || '@crowd', 'crowd' || n, 'crowd' || n
        from generate_series(2, ${MEMBERS_MAX}) n returning id
      ) insert into room_members (room_id, user_id) select rooms.id, crowd.id from rooms, crowd where name = ${room}`;
    expect(await codeOf(ask(`PUT ${path}/members/${id(bob)}`, ana, {}))).toBe("room_full");
    await api.sql`
      with made as (
        insert into rooms (name, title, kind, archived_at, history_hidden, let_go_at)
        select 'p-' || translate(lpad(n::text, 26, 'a'), '0189', 'xyzw'), 'x', 'private', now(), true, now()
        from generate_series(1, ${CIRCLES_MAX}) n returning id
      ) insert into room_members (room_id, user_id) select id, ${id(eve)} from made`;
    expect(await codeOf(ask("POST /api/rooms", eve, { title: "x", private: true }))).toBe("too_many_rooms");
    await api.sql`delete from rooms where created_by is null and kind = 'private'`;
  });
});

describe("a link", () => {
  const invite = async (path: string, body: object = {}, by = ana): Promise<string> =>
    (await ask(`POST ${path}/invitations`, by, body)).body.token;
  const accept = (token: string, by: Visitor) => ask(`POST /api/invitations/${token}`, by);

  test("shows anybody where it leads, and makes its user a member", async () => {
    const path = await makeRoom();
    const token = await invite(path);
    const { body } = await ask(`GET /api/invitations/${token}`, undefined);
    expect(body).toEqual({ title: "Secret", members: 1, inviter: ana.user.nickname });
    expect((await accept(token, bob)).body.room).toMatchObject({ title: "Secret", kind: "private" });
    expect(await codeOf(accept(token, bob))).toBe("done");
    expect(await rolesIn(path)).toEqual({ ana: "owner", bob: "member" });
  });

  test("ends by its time, by its uses, with all others of the room, and with its maker", async () => {
    const path = await makeRoom(cho);
    await give(path, cho, "moderator");
    const once = await invite(path, { uses: 1 });
    const [first, second] = await Promise.all([codeOf(accept(once, bob)), codeOf(accept(once, eve))]);
    expect([first, second].sort()).toEqual(["done", "no_such_invitation"]);
    await Promise.all([takeOut(path, bob), takeOut(path, eve)]);
    const old = await invite(path, { lastsMs: 60_000 });
    await api.sql`update room_invitations set expires_at = now() - interval '1 s' where expires_at < now() + interval '2 minutes'`;
    const theirs = await invite(path, {}, cho);
    await takeOut(path, cho, cho);
    const ended = await invite(path);
    await ask(`DELETE ${path}/invitations`, ana);
    for (const token of [old, theirs, ended, "nonsense", "a".repeat(22)]) {
      expect(await codeOf(accept(token, bob))).toBe("no_such_invitation");
      expect(await codeOf(ask(`GET /api/invitations/${token}`, undefined))).toBe("no_such_invitation");
    }
  });

  test("is made by moderators of the room, and not without end", async () => {
    const path = await makeRoom(bob);
    expect(await codeOf(ask(`POST ${path}/invitations`, bob, {}))).toBe("forbidden");
    expect(await codeOf(ask(`POST ${path}/invitations`, eve, {}))).toBe("no_such_room");
    expect(await codeOf(ask("POST /api/rooms/lobby/invitations", ana, {}))).toBe("forbidden");
    for (let n = 0; n < INVITATIONS_MAX; n++) await invite(path);
    expect(await codeOf(ask(`POST ${path}/invitations`, ana, {}))).toBe("too_many_invitations");
  });

  test("its secret is nowhere in the database", async () => {
    const token = await invite(await makeRoom());
    const rows = await api.sql`select * from room_invitations`;
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe("a direct line", () => {
  test("is one for each pair, whoever asks first, and if both ask at once", async () => {
    const [one, two] = [await signUp(api), await signUp(api)];
    const asks = Array.from({ length: 6 }, (_, n) =>
      n % 2 ? ask(`PUT /api/direct/${id(one)}`, two) : ask(`PUT /api/direct/${id(two)}`, one),
    );
    const rooms = new Set((await Promise.all(asks)).map(({ body }) => body.room.name));
    expect(rooms.size).toBe(1);
    const { body } = await ask("GET /api/me/rooms", one);
    expect(body.rooms[0]).toMatchObject({ kind: "direct", with: { nickname: two.user.nickname } });
  });

  test("has two members and never another, no links, no title, and nobody leaves or removes it", async () => {
    const { body } = await ask(`PUT /api/direct/${id(bob)}`, ana);
    const path = `/api/rooms/${body.room.name}`;
    expect(await codeOf(ask(`PUT ${path}/members/${id(eve)}`, ana, {}))).toBe("forbidden");
    expect(await codeOf(ask(`POST ${path}/invitations`, ana, {}))).toBe("forbidden");
    expect(await codeOf(ask(`PATCH ${path}`, ana, { title: "x" }))).toBe("forbidden");
    expect(await codeOf(takeOut(path, ana))).toBe("forbidden");
    expect(await codeOf(ask(`DELETE ${path}?history=deleted`, ana))).toBe("forbidden");
    expect(await codeOf(ask(`GET ${path}`, eve))).toBe("no_such_room");
  });

  test("is not opened with oneself, with nobody, or with an account that is closed", async () => {
    expect(await codeOf(ask(`PUT /api/direct/${id(ana)}`, ana))).toBe("forbidden");
    expect(await codeOf(ask("PUT /api/direct/nobody", ana))).toBe("no_such_user");
    const gone = await signUp(api);
    await ask(`PUT /api/direct/${id(gone)}`, ana);
    await ask("DELETE /api/me", gone, { password: gone.password });
    expect(await codeOf(ask(`PUT /api/direct/${id(gone)}`, ana))).toBe("no_such_user");
    const { body } = await ask("GET /api/me/rooms", ana);
    expect(body.rooms.find((room: { with?: unknown }) => room.with === null)).toBeDefined();
  });
});

test("people are found by their whole nickname, however it is written", async () => {
  const { nickname } = bob.user;
  const found = await ask(`GET /api/users?nickname=${encodeURIComponent(nickname.toUpperCase())}`, ana);
  expect(found.body.user).toEqual({ id: id(bob), nickname, role: "user" });
  expect(await codeOf(ask("GET /api/users?nickname=nobody%20here", ana))).toBe("no_such_user");
  expect(await codeOf(ask("GET /api/users?nickname=x", undefined))).toBe("unauthenticated");
});
