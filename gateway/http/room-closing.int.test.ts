/** Closing rooms as an admin: archived with or without their history, deleted, and opened again. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { draftMessage } from "../../shared/server/redis/event-draft.ts";
import { ensureAhead } from "../../worker/partitions.ts";
import { combineQueries } from "../recovery/combined-queries.ts";
import { createRecovery } from "../recovery/recover-room.ts";
import { createRecoveryQueries } from "../recovery/recovery-queries.ts";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { createStaff } from "./testing/staff.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
const { signUpAs, act } = createStaff(() => api);
let admin: Visitor;
let ana: Visitor;
let room = "";
let count = 0;
beforeAll(async () => {
  api = await startApi();
  await ensureAhead(api.sql, Date.now());
  [admin, ana] = await Promise.all([signUpAs("admin"), signUp(api)]);
});
afterAll(() => api.close());

/** A room with `messages` messages, of which PostgreSQL has the first `stored`. */
const talkIn = async (name: string, messages: number, stored = 0): Promise<void> => {
  expect((await act(ana, "POST /api/rooms", { name, title: name })).status).toBe(201);
  await restore(name);
  for (let n = 1; n <= messages; n++) await say(name, `m${n}`);
  await api.sql`update rooms set last_seq = last_seq + ${stored} where name = ${name}`;
};
const restore = async (name: string): Promise<void> =>
  createRecovery({
    scripts: api.scripts,
    queries: combineQueries(createRecoveryQueries(api.sql)),
    memoryOf: () => undefined,
    logEvents: 50,
    log: api.log,
    onRecovered: () => undefined,
  })(name);
const say = (name: string, clientId: string) =>
  api.scripts.append(draftMessage({ room: name, clientId }, ana.user, clientId));
const fresh = (): string => {
  room = `closing-${++count}`;
  return room;
};
/** Dumps Redis. @returns a function that restores the dump, as after a restart that lost the end of the file. */
const snapshot = async (name: string): Promise<() => Promise<void>> => {
  const sent = await api.commands.keys(`${api.keys.sent(api.keys.shardOf(name))}*`);
  const kept = [api.keys.room(name), api.keys.log(name), api.keys.clock(api.keys.shardOf(name)), ...sent];
  const dumps = await Promise.all(kept.map((key) => api.commands.dumpBuffer(key)));
  return async () => {
    await api.commands.flushall();
    await Promise.all(kept.map((key, index) => api.commands.restore(key, 0, dumps[index] ?? "")));
    await api.commands.hset(api.keys.room(name), "run", "another");
  };
};
const history = async (name: string, query = "") => {
  const { status, body } = await call(api, `GET /api/rooms/${name}/messages${query}`);
  return status === 200 ? body.events.map(({ text }: { text: string }) => text) : body.code;
};
const acts = async (name: string) =>
  (await act(admin, "GET /api/audit?limit=200")).body.acts
    .filter((each: { room: string }) => each.room === name)
    .map(({ act: what, detail }: { act: string; detail: object }) => [what, detail]);

describe.each([
  "DELETE /api/rooms/lobby",
  "DELETE /api/rooms/lobby?history=deleted",
  "DELETE /api/rooms/lobby/archive",
])("%s", (line) => {
  test("is refused to all but admins", async () => {
    expect((await call(api, line)).body.code).toBe("unauthenticated");
    expect((await act(ana, line)).body.code).toBe("forbidden");
    await api.sql`update users set role = 'moderator' where id = ${ana.user.id}`;
    expect((await act(ana, line)).body.code).toBe("forbidden");
    await api.sql`update users set role = 'user' where id = ${ana.user.id}`;
  });
});

test("the lobby cannot go", async () => {
  for (const history of ["shown", "hidden", "deleted"])
    expect((await act(admin, `DELETE /api/rooms/lobby?history=${history}`)).body.code).toBe("forbidden");
  expect((await call(api, "GET /api/rooms/lobby")).body.room).toEqual({
    name: "lobby",
    title: "Lobby",
    slowModeMs: 0,
  });
});

test("the fate of the history must be a word of the contract", async () => {
  await talkIn(fresh(), 0);
  const { status, body } = await act(admin, `DELETE /api/rooms/${room}?history=maybe`);
  expect([status, body.fields]).toEqual([400, { history: "not_allowed" }]);
  expect((await act(admin, "DELETE /api/rooms/nowhere")).body.code).toBe("no_such_room");
});

describe("an archived room", () => {
  test("takes nothing any more, and all that was said is read, stored or not", async () => {
    await talkIn(fresh(), 5);
    await api.sql`
      insert into messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text)
      select id, seq, current_date, '10:00', 'message', ${ana.user.id}, 'ana', 'm' || seq, 'm' || seq
      from rooms, generate_series(1, 3) seq where name = ${room}`;
    expect((await act(admin, `DELETE /api/rooms/${room}`)).status).toBe(204);
    expect(await say(room, "late")).toBeUndefined();
    await expect(restore(room)).rejects.toMatchObject({ code: "room_archived" });
    expect(await history(room)).toEqual(["m1", "m2", "m3", "m4", "m5"]);
    expect(await history(room, "?before=4&limit=2")).toEqual(["m2", "m3"]);
    await api.commands.flushall();
    expect(await history(room)).toEqual(["m1", "m2", "m3"]);
    await expect(restore(room)).rejects.toMatchObject({ code: "room_archived" });
    expect(await acts(room)).toEqual([["room_archived", { history: "shown" }]]);
  });

  test("tells the room and all gateways, and is not listed", async () => {
    await talkIn(fresh(), 1);
    await act(admin, `DELETE /api/rooms/${room}`);
    const news = api.notified.filter((each) => each[1] === room).map(([kind, , , notice]) => [kind, notice]);
    expect(news).toMatchObject([
      ["notice", { code: "room_closed", history: "shown", user: { id: admin.user.id } }],
      ["room", undefined],
    ]);
    const { rooms } = (await call(api, `GET /api/rooms?query=${room}`)).body;
    expect(rooms).toEqual([]);
    expect((await call(api, `GET /api/rooms/${room}`)).body.room).toMatchObject({ archived: "shown" });
    expect((await act(ana, "POST /api/rooms", { name: room, title: "again" })).body.code).toBe("room_taken");
  });

  test("has no history for anybody when it shall be hidden, and the word may be changed", async () => {
    await talkIn(fresh(), 2);
    await act(admin, `DELETE /api/rooms/${room}?history=hidden`);
    expect(await history(room)).toBe("room_archived");
    await act(admin, `DELETE /api/rooms/${room}?history=shown`);
    expect(await history(room)).toEqual(["m1", "m2"]);
  });

  test("has messages that can be reported as long as they can be read", async () => {
    await talkIn(fresh(), 2);
    await act(admin, `DELETE /api/rooms/${room}`);
    const report = (seq: number) =>
      act(ana, `POST /api/rooms/${room}/messages/${seq}/report`, { reason: "rude" });
    expect((await report(2)).status).toBe(204);
    expect((await report(3)).body.code).toBe("no_such_message");
    const [{ text }] = (await act(admin, "GET /api/reports?limit=1")).body.reports;
    expect(text).toBe("m2");
    await act(admin, `DELETE /api/rooms/${room}?history=hidden`);
    expect((await report(1)).body.code).toBe("room_archived");
  });

  test("is opened again as it was", async () => {
    await talkIn(fresh(), 2);
    await act(admin, `DELETE /api/rooms/${room}?history=hidden`);
    expect((await act(admin, `DELETE /api/rooms/${room}/archive`)).status).toBe(204);
    await restore(room);
    expect((await say(room, "m3"))?.seq).toBeGreaterThan(2);
    const read = await api.scripts.readNewest(room, 10);
    expect(read?.entries.map(({ bytes }) => JSON.parse(bytes.toString()).text)).toEqual(["m1", "m2", "m3"]);
    expect((await call(api, `GET /api/rooms/${room}`)).body.room).not.toHaveProperty("archived");
    expect((await acts(room)).map(([what]: [string]) => what)).toEqual(["room_reopened", "room_archived"]);
  });

  test("that left Redis lets every client of its former epoch resume when it is opened again", async () => {
    await talkIn(fresh(), 2, 2);
    await act(admin, `DELETE /api/rooms/${room}`);
    const before = await api.scripts.readNewest(room, 1);
    expect(await api.scripts.drop(room)).toBe(false);
    const { epoch = "", seq = 0 } = before?.state ?? {};
    await api.sql`update rooms set last_seq = ${seq} where name = ${room}`;
    await api.scripts.commit(room, seq);
    expect(await api.scripts.drop(room)).toBe(true);
    await api.scripts.commit(room, seq);
    await expect(restore(room)).rejects.toMatchObject({ code: "room_archived" });
    await act(admin, `DELETE /api/rooms/${room}/archive`);
    await restore(room);
    const { state } = (await api.scripts.readNewest(room, 1)) ?? {};
    expect(state).toMatchObject({ prevEpoch: epoch, prevUpTo: seq });
    expect(state?.floor).toBeGreaterThan(seq);
  });
});

describe("a deleted room", () => {
  test("is nowhere any more", async () => {
    await talkIn(fresh(), 3);
    expect((await act(admin, `DELETE /api/rooms/${room}?history=deleted`)).status).toBe(204);
    expect(await history(room)).toBe("no_such_room");
    expect((await call(api, `GET /api/rooms/${room}`)).status).toBe(404);
    expect(await say(room, "late")).toBeUndefined();
    await expect(restore(room)).rejects.toMatchObject({ code: "no_such_room" });
    expect((await api.commands.keys(`*${room}*`)).filter((key) => !key.includes(":sent:"))).toEqual([]);
    expect(await acts(room)).toEqual([["room_deleted", {}]]);
    expect((await act(admin, `DELETE /api/rooms/${room}?history=deleted`)).status).toBe(404);
  });

  test("goes also out of the archive", async () => {
    await talkIn(fresh(), 1);
    await act(admin, `DELETE /api/rooms/${room}`);
    expect((await act(admin, `DELETE /api/rooms/${room}?history=deleted`)).status).toBe(204);
    expect(await history(room)).toBe("no_such_room");
  });

  test("leaves its name to another one, in which no seq and no client id of it counts", async () => {
    await talkIn(fresh(), 4, 2);
    await act(admin, `DELETE /api/rooms/${room}?history=deleted`);
    await talkIn(room, 0);
    const first = await say(room, "m1");
    expect(first).toMatchObject({ fresh: true });
    expect(first?.seq).toBeGreaterThan(4);
    expect((await api.scripts.readNewest(room, 10))?.entries).toHaveLength(1);
    expect(await say(room, "m1")).toEqual({ seq: first?.seq, fresh: false });
  });

  test("stays gone when Redis comes back with it", async () => {
    await talkIn(fresh(), 3);
    const back = await snapshot(room);
    await act(admin, `DELETE /api/rooms/${room}?history=deleted`);
    await back();
    await expect(restore(room)).rejects.toMatchObject({ code: "no_such_room" });
    await talkIn(room, 0);
    const read = await api.scripts.readNewest(room, 10);
    expect([read?.state.current, read?.entries]).toEqual([true, []]);
    expect(read?.state.prevEpoch).toBe("");
    expect((await say(room, "m1"))?.seq).toBeGreaterThan(1_000_000);
  });

  test("is there still when Redis could not be stopped", async () => {
    await talkIn(fresh(), 1);
    api.redis.pause();
    const reply = await act(admin, `DELETE /api/rooms/${room}?history=deleted`);
    api.redis.resume();
    expect([reply.status, reply.body.code]).toEqual([503, "unavailable"]);
    expect((await call(api, `GET /api/rooms/${room}`)).status).toBe(200);
    await restore(room);
    expect(await say(room, "m1")).toMatchObject({ fresh: false });
  });
});

test("a message sent while a room is being closed belongs to the room, or is refused by name", async () => {
  for (const how of ["shown", "deleted"]) {
    await talkIn(fresh(), 0);
    const said: string[] = [];
    let refused = "";
    const talk = (async () => {
      for (let n = 1; refused === "" && n < 5_000; n++) {
        const given = await say(room, `r${n}`);
        if (given) said.push(`r${n}`);
        else
          await restore(room).catch(({ code }: { code: string }) => {
            refused = code;
          });
      }
    })();
    await act(admin, `DELETE /api/rooms/${room}?history=${how}`);
    await talk;
    expect(refused).toBe(how === "shown" ? "room_archived" : "no_such_room");
    expect(said.length).toBeGreaterThan(0);
    if (how === "shown") expect((await history(room, "?limit=200")).slice(-50)).toEqual(said.slice(-50));
  }
});
