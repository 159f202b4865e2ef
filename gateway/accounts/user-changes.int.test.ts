/** Every acknowledged change of a user is enforced, even if Redis is outdated, emptied or rolled back. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Role } from "../../shared/server-frames.ts";
import { openPeople, type People, type PeopleGateway } from "../testing/people.ts";
import { createUserChanges } from "./user-changes.ts";

let people: People;
let gateways: [PeopleGateway, PeopleGateway];
/** A gateway whose answers of PostgreSQL are late. */
let slow: PeopleGateway;
let [admin, user] = ["", ""];
let said = 0;

beforeAll(async () => {
  people = await openPeople();
  gateways = [await people.gateway(), await people.gateway()];
  slow = await people.gateway();
  admin = await people.add("admin");
});
afterAll(() => people.close());
beforeEach(async () => {
  user = await people.add("user");
});
afterEach(() => {
  for (const { held } of [...gateways, slow]) held.release();
});

const inAnHour = (): number => Date.now() + 3_600_000;
const redisIsBack = (): Promise<unknown> =>
  vi.waitFor(() => Promise.all([...gateways, slow].map(({ redis }) => redis.ping())), {
    timeout: 10_000,
    interval: 5,
  });
/** SIGKILL, and a restart from the file. */
const restart = async (): Promise<void> => {
  await people.server.kill();
  await people.server.start();
  await redisIsBack();
};
/** Dumps Redis. @returns a function that restarts Redis with only that, as after a power loss. */
const snapshot = async (): Promise<() => Promise<void>> => {
  const [{ redis }] = gateways;
  const names = await redis.keys("*");
  const kept = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
  return async () => {
    // In one transaction, because a gateway may still write a late answer.
    const rollback = redis.multi().flushall();
    for (const [index, name] of names.entries()) rollback.restore(name, 0, kept[index] ?? "");
    for (const [error] of (await rollback.exec()) ?? []) if (error) throw error;
    await restart();
  };
};
/** @returns the nickname under which the message goes out, or the reason why it does not. */
const say = async (at: PeopleGateway, text = `text ${++said}`): Promise<string> => {
  const clientId = `c${++said}`;
  try {
    const decision = await at.admit({ userId: user, room: "room", clientId, text });
    if (decision.decision === "spam") await at.onRestricted({ user, ...decision });
    return "nickname" in decision ? decision.nickname : decision.decision;
  } catch (error) {
    return (error as Error & { code?: string }).code ?? String(error);
  }
};

describe("late answers of PostgreSQL", () => {
  test("a mute of the moment in which Redis learns of its user holds", async () => {
    const [a, b] = gateways;
    a.held.hold();
    const early = say(a);
    await vi.waitFor(() => expect(a.held.count()).toBe(1));
    await b.moderation.mute(admin, user, { untilMs: inAnHour(), reason: "loud" });
    a.held.release();
    await early;
    expect(await Promise.all([say(a), say(b)])).toEqual(["muted", "muted"]);
  });

  test("one from before an act is not kept, though the gateway of the act dies right after it", async () => {
    const [a, { forget }] = gateways;
    const users = { find: () => Promise.reject(new Unavailable("this gateway is gone")) };
    const dying = createUserChanges({ sql: people.sql, forget, users });
    a.held.hold();
    const early = say(a);
    await vi.waitFor(() => expect(a.held.count()).toBe(1));
    await dying(
      user,
      (_, tx) => tx`update users set nickname = 'late', nickname_key = 'late' where id = ${user}`,
    );
    a.held.release();
    await early;
    expect(await say(a)).toBe("late");
  });

  test("one that comes after Redis went back to before the act is not kept", async () => {
    const [a, b] = gateways;
    await b.moderation.mute(admin, user, { untilMs: inAnHour(), reason: "loud" });
    await a.redis.del(people.keys.user(user));
    a.held.hold();
    const early = say(a);
    await vi.waitFor(() => expect(a.held.count()).toBe(1));
    const goBack = await snapshot();
    await b.moderation.unmute(admin, user);
    await goBack();
    a.held.release();
    await early;
    expect(await say(b)).toMatch(/^user/);
  });

  test("a look-up while the act is being committed waits for it", async () => {
    const [a, { users, forget }] = gateways;
    let answer: Promise<string> = Promise.resolve("");
    const changeUser = createUserChanges({
      sql: people.sql,
      users,
      forget: async (id) => {
        await forget(id);
        answer = say(a);
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    await changeUser(
      user,
      (_, tx) => tx`update users set nickname = 'renamed', nickname_key = 'renamed' where id = ${user}`,
    );
    expect([await answer, await say(a)]).toEqual(["renamed", "renamed"]);
  });
});

test("an act that PostgreSQL took back leaves nothing behind in Redis", async () => {
  const [a, b] = gateways;
  const name = await say(a);
  const fails = b.changeUser(user, async (_, tx) => {
    await tx`update users set nickname = 'never', nickname_key = 'never' where id = ${user}`;
    await say(a);
    throw new Error("changed its mind");
  });
  await expect(fails).rejects.toThrow("changed its mind");
  expect(await say(a)).toBe(name);
});

test("without Redis nothing is changed", async () => {
  const [a] = gateways;
  const name = await say(a);
  await people.server.kill();
  await expect(a.moderation.mute(admin, user, { untilMs: inAnHour(), reason: "x" })).rejects.toThrow();
  await people.server.start();
  await redisIsBack();
  expect(await say(a)).toBe(name);
});

test("the mute of the spam rule does not come after the word of the moderator who lifted it", async () => {
  const [a, b] = gateways;
  for (let i = 0; i < 3; i++) await say(a, "again");
  const decision = await a.admit({ userId: user, room: "room", clientId: `c${++said}`, text: "again" });
  if (decision.decision !== "spam") throw new Error(decision.decision);
  await b.moderation.unmute(admin, user);
  await a.onRestricted({ user, ...decision });
  expect(await say(b)).toMatch(/^user/);
  await restart();
  expect(await say(b)).toMatch(/^user/);
});

/** The state that was acknowledged last. */
type Model = { nickname: string; role: Role; muted: boolean; banned: boolean };
type Real = { late: Promise<unknown>[]; rollBack: () => Promise<void>; oldAnswer: string[] };
type Command = fc.AsyncCommand<Model, Real>;

/** Nicknames are unique, so each run appends its own suffix. */
const NAMES = ["ash", "birch", "cedar", "elm"];
const at = (index: number): PeopleGateway => gateways[index % 2] as PeopleGateway;
const command = (name: string, run: (model: Model, real: Real) => Promise<void>): Command => ({
  check: () => true,
  run,
  toString: () => name,
});

const looks = fc.constantFrom(0, 1).map((index) =>
  command(`look at ${index}`, async (model) => {
    const expected = model.banned ? "unauthenticated" : model.muted ? "muted" : model.nickname;
    expect(await say(at(index))).toBe(expected);
    if (model.banned) return;
    const found = await at(index).users.find(user);
    expect([found.user.nickname, found.user.role, found.restricted !== undefined]).toEqual([
      model.nickname,
      model.role,
      model.muted,
    ]);
  }),
);
const acts = fc
  .record({
    by: fc.constantFrom(0, 1),
    act: fc.constantFrom("mute", "unmute", "ban", "unban", "moderator", "user", "rename", "spam"),
    name: fc.constantFrom(...NAMES),
  })
  .map(({ by, act, name }) =>
    command(`${act} by ${by}`, async (model) => {
      const { moderation, rename } = at(by);
      if (act === "mute") await moderation.mute(admin, user, { untilMs: inAnHour(), reason: "x" });
      else if (act === "unmute") await moderation.unmute(admin, user);
      else if (act === "ban") await moderation.ban(admin, user, {});
      else if (act === "unban") await moderation.unban(admin, user);
      else if (act === "moderator" || act === "user") await moderation.setRole(admin, user, act);
      else if (act === "rename" && !model.banned && !model.muted) {
        model.nickname = `${name} ${user.slice(0, 8)}`;
        await rename(user, model.nickname);
      } else if (act === "spam") {
        // Late messages may come in between.
        for (let tries = 0; tries < 8 && !model.muted && !model.banned; tries++)
          model.muted = (await say(at(by), "buy now")) === "spam";
        expect(model.muted || model.banned).toBe(true);
      }
      if (act === "mute" || act === "unmute") model.muted = act === "mute";
      if (act === "ban" || act === "unban") model.banned = act === "ban";
      if (act === "moderator" || act === "user") model.role = act;
    }),
  );
const mishaps = fc
  .constantFrom(
    ...["late answer", "late answer", "arrives", "arrives", "expires", "emptied", "restarted", "snapshot"],
    ...["goes back", "old gateway asks", "old gateway keeps"],
  )
  .map((what) =>
    command(what, async (_, real) => {
      const { redis } = slow;
      const state = people.keys.user(user);
      if (what === "late answer") {
        await redis.del(state);
        slow.held.hold();
        const before = slow.held.count();
        real.late.push(say(slow));
        // Later callers share the look-up that is under way.
        if (before === 0) await vi.waitFor(() => expect(slow.held.count()).toBe(1), { interval: 1 });
      } else if (what === "arrives") slow.held.release();
      else if (what === "expires") await redis.del(state);
      else if (what === "emptied") await redis.flushall();
      else if (what === "restarted") await restart();
      else if (what === "snapshot") real.rollBack = await snapshot();
      else if (what === "goes back") await real.rollBack();
      else if (what === "old gateway asks") {
        const [row] = await people.sql<{ nickname: string; role: string }[]>`
          select nickname, role from users where id = ${user}`;
        real.oldAnswer = [
          "nickname",
          row?.nickname ?? "",
          "role",
          row?.role ?? "",
          "reason",
          "",
          "until",
          "0",
        ];
      } else if (real.oldAnswer.length > 0 && (await redis.exists(state)) === 0) {
        await redis.hset(state, ...real.oldAnswer);
      }
    }),
  );

test("in every order of events the state that was acknowledged last is enforced", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands([looks, acts, mishaps], { maxCommands: 40, size: "max" }),
      async (commands) => {
        user = await people.add("user");
        const [{ users }] = gateways;
        const { nickname } = (await users.find(user)).user;
        const real: Real = { late: [], rollBack: restart, oldAnswer: [] };
        const setUp = () => ({
          model: { nickname, role: "user" as const, muted: false, banned: false },
          real,
        });
        try {
          await fc.asyncModelRun(setUp as () => { model: Model; real: Real }, commands);
        } finally {
          slow.held.release();
          await Promise.all(real.late);
        }
      },
    ),
    { numRuns: 25, endOnFailure: true },
  );
}, 120_000);
