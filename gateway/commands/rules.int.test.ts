/** The rules for bots, and commands that are not executed, among others that are. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signCommand } from "../../shared/server/identity/command-signature.ts";
import { Refused } from "../../shared/server/process/refused.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { type BotTest, KEYS, openBotTest } from "./testing/bot-gateway.ts";

let bots: BotTest;
let n = 0;
beforeAll(async () => {
  bots = await openBotTest();
});
afterAll(() => bots.close());
beforeEach(() => bots.sql`truncate kafka_outbox, kafka_commands, kafka_offsets, audit`.then(() => undefined));

const room = (): string => `room-${++n}`;
const command = <Fields extends object>(fields: Fields) => ({
  id: `r-${++n}`,
  expires: Date.now() + 60_000,
  ...fields,
});
const codes = async () => (await bots.published()).map((answer) => (answer.ok ? "ok" : answer.code));
const textsOf = async (name: string) =>
  (await bots.eventsOf(name)).flatMap((event) => (event.type === "message" ? [event.text] : []));

test("the rates of people and the spam rule do not hold a bot; the rules of texts do", async () => {
  const tea = room();
  const gateway = await bots.gatewayWith();
  await gateway.take(
    bots.records(
      ...Array.from({ length: 20 }, () => command({ type: "send", room: tea, text: "the same again" })),
      command({ type: "send", room: tea, text: "x".repeat(31) }),
      command({ type: "send", room: tea, text: " \u200b " }),
    ),
  );
  expect(await codes()).toEqual([...Array(20).fill("ok"), "too_long", "empty"]);
  expect(await textsOf(tea)).toHaveLength(20);
});

test("a bot that a moderator muted, or an admin banned, does nothing more", async () => {
  const [admin, name] = [await bots.people.add("admin"), `loud${++n}bot`];
  await bots.bots.ensure(name, "moderator");
  const key = { name, role: "moderator" as const, secret: "d".repeat(32) };
  const take = async (fields: object) => {
    const value = Buffer.from(JSON.stringify(command(fields)));
    const [record] = bots.records("");
    const gateway = await bots.gatewayWith({ keys: [...KEYS, key] });
    if (record) await gateway.take([{ ...record, value, headers: signCommand(key, value) }]);
    const [answer] = gateway.answers;
    return answer?.ok ? "ok" : answer?.code;
  };
  const all = [
    { type: "send", room: room(), text: "hello" },
    { type: "notice", room: room(), text: "hello" },
    { type: "mute", user: await bots.people.add("user"), untilMs: Date.now() + 9_000 },
  ];
  const takeAll = async () => [await take(all[0] ?? {}), await take(all[1] ?? {}), await take(all[2] ?? {})];
  expect(await takeAll()).toEqual(["ok", "ok", "ok"]);
  const bot = bots.bots.idOf(name);
  await bots.gateway.moderation.mute(admin, bot, { untilMs: Date.now() + 60_000 });
  expect(await takeAll()).toEqual(["muted", "muted", "muted"]);
  await bots.gateway.moderation.unmute(admin, bot);
  await bots.gateway.moderation.ban(admin, bot, {});
  expect(await takeAll()).toEqual(["unauthenticated", "unauthenticated", "unauthenticated"]);
});

test("a bot has the rights of its role, as it is in the settings", async () => {
  const [tea, person] = [room(), await bots.people.add("user")];
  const gateway = await bots.gatewayWith();
  const acts = () => [
    command({ type: "delete", room: tea, seq: 1 }),
    command({ type: "notice", room: tea, text: "hear, hear" }),
    command({ type: "mute", user: person, untilMs: Date.now() + 60_000 }),
    command({ type: "ban", user: person }),
  ];
  await gateway.take(bots.signedBy("guardbot", command({ type: "send", room: tea, text: "by a moderator" })));
  for (const name of ["dicebot", "guardbot", "chiefbot"]) await gateway.take(bots.signedBy(name, ...acts()));
  expect(gateway.answers.map((answer) => (answer.ok ? "ok" : answer.code)).slice(1)).toEqual([
    ...["forbidden", "forbidden", "forbidden", "forbidden"],
    ...["ok", "ok", "ok", "forbidden"],
    ...["ok", "ok", "ok", "ok"],
  ]);
});

test("the mute of a bot mutes, and its ban bans", async () => {
  const person = await bots.people.add("user");
  const said = () => bots.gateway.admit({ userId: person, room: room(), clientId: "c", text: "may I?" });
  expect(await said()).toMatchObject({ decision: "ok" });
  const gateway = await bots.gatewayWith();
  const mute = command({ type: "mute", user: person, untilMs: Date.now() + 60_000, reason: "too loud" });
  await gateway.take(bots.signedBy("guardbot", mute));
  expect(await said()).toMatchObject({ decision: "muted", reason: "too loud" });
  await gateway.take(bots.signedBy("chiefbot", command({ type: "ban", user: person })));
  await expect(said()).rejects.toThrow("unauthenticated");
});

test("an announcement is a notice with one line of text and the name of its bot", async () => {
  const tea = room();
  const gateway = await bots.gatewayWith();
  const text = "Closed\n\n  tonight\u0007";
  await gateway.take(bots.signedBy("guardbot", command({ id: "notice", type: "notice", room: tea, text })));
  const user = { id: bots.bots.idOf("guardbot"), nickname: "guardbot" };
  expect(await bots.eventsOf(tea)).toMatchObject([
    { type: "notice", code: "announcement", user, text: "Closed tonight", clientId: "notice" },
  ]);
});

test("a bot's name cannot be a person's, nor the other way round", async () => {
  await bots.bots.ensure("callbot", "user");
  await bots.bots.ensure("callbot", "moderator");
  const role = bots.sql`select role from users where id = ${bots.bots.idOf("callbot")}`;
  expect(await role).toMatchObject([{ role: "moderator" }]);
  const taken = bots.sql`
    insert into users (id, nickname, nickname_key, nickname_skeleton) select gen_random_uuid(), 'Callbot', nickname_key, 'x'
    from users where nickname = 'callbot'`;
  await expect(taken).rejects.toThrow("users_nickname_key_key");
  const person = await bots.people.add("user");
  await bots.sql`update users set nickname = 'Ann', nickname_key = 'ann', nickname_skeleton = 'ann' where id = ${person}`;
  for (const name of ["ANN", "admin", "x"])
    await expect(bots.bots.ensure(name, "user"), name).rejects.toBeInstanceOf(Refused);
});

test("in any order of sound, forged, malformed and late records, each gets its answer and the sound ones are executed in theirs", async () => {
  const kinds = fc.constantFrom("sound", "forged", "malformed", "late", "empty");
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { maxLength: 30 }), async (order) => {
      await bots.sql`truncate kafka_outbox, kafka_commands, kafka_offsets`;
      const tea = room();
      const records = order.flatMap((kind, index) => {
        const sent = command({ type: "send", room: tea, text: `${index}` });
        const expires = kind === "late" ? Date.now() - 1 : sent.expires;
        const [record] = bots.records(kind === "malformed" ? "{}" : { ...sent, expires });
        if (kind === "empty" && record) return { ...record, value: undefined };
        return record ? { ...record, ...(kind === "forged" ? { headers: {} } : {}) } : [];
      });
      const gateway = await bots.gatewayWith();
      await gateway.take(records);
      const expected = {
        sound: "ok",
        forged: "forged",
        malformed: "malformed",
        late: "expired",
        empty: "malformed",
      };
      expect(await codes()).toEqual(order.map((kind) => expected[kind]));
      expect(await textsOf(tea)).toEqual(
        order.flatMap((kind, index) => (kind === "sound" ? [`${index}`] : [])),
      );
    }),
    { numRuns: 25 },
  );
});

test("a fault of ours fails its command alone", async () => {
  const tea = room();
  let first = true;
  const sound = await bots.gatewayWith();
  const gateway = await bots.gatewayWith({
    execution: {
      execute: async () => {
        if (!first) return { room: tea, seq: 9 };
        first = false;
        throw new TypeError("a bug");
      },
    },
    store: {
      // PostgreSQL takes no answer about the second command.
      answer: async (answered, progress) => {
        if (answered.some(({ answer }) => answer.ok && answer.id === "poison")) throw new Error("a bug too");
        await sound.store.answer(answered, progress);
      },
    },
  });
  const [bug, poison, last] = [{}, { id: "poison" }, {}].map((fields) =>
    command({ type: "send", room: tea, text: "hello", ...fields }),
  );
  await gateway.take(bots.records(bug ?? {}, poison ?? {}, last ?? {}));
  expect(await codes()).toEqual(["internal", "internal", "ok"]);
  expect(gateway.faults).toEqual([new TypeError("a bug"), new Error("a bug too")]);
});

test("during an outage the same command is tried again, and after its end the answer says what is known", async () => {
  const tea = room();
  const failing = (times: number) => {
    let left = times;
    return async () => {
      if (left-- > 0) throw new Unavailable("away");
      return { room: tea, seq: 7 };
    };
  };
  const patient = await bots.gatewayWith({ execution: { execute: failing(3) } });
  await patient.take(bots.records(command({ type: "send", room: tea, text: "at last" })));
  const hasty = await bots.gatewayWith({ execution: { execute: failing(Number.POSITIVE_INFINITY) } });
  const soon = () => ({ expires: Date.now() + 300 });
  await hasty.take(bots.records(command({ type: "send", room: tea, text: "never", ...soon() })));
  await hasty.take(bots.records(command({ type: "ban", user: "u", ...soon() })));
  expect(await codes()).toEqual(["ok", "unavailable", "expired"]);
});

test("a command that was begun longer ago than Redis remembers client ids is not executed again", async () => {
  const tea = room();
  const [record] = bots.records(command({ type: "send", room: tea, text: "perhaps" }));
  const stopped = new AbortController();
  const away = await bots.gatewayWith({
    execution: {
      execute: async () => {
        stopped.abort();
        throw new Unavailable("away");
      },
    },
  });
  if (record) await away.take([record], stopped.signal);
  expect(await bots.published()).toEqual([]);
  await bots.sql`update kafka_commands set begun_at = begun_at - interval '11 minutes'`;
  const next = await bots.gatewayWith();
  if (record) await next.take([record]);
  expect(await codes()).toEqual(["unavailable"]);
  expect(await bots.eventsOf(tea)).toEqual([]);
});

test("ten thousand forged records are answered within seconds, and the command behind them is executed", async () => {
  const tea = room();
  const [forged] = bots.records({});
  const flood = Array.from(
    { length: 10_000 },
    () => ({ ...bots.records("x")[0], headers: {} }) as typeof forged,
  );
  const records = [...flood, ...bots.records(command({ type: "send", room: tea, text: "still here" }))];
  const gateway = await bots.gatewayWith();
  const since = performance.now();
  await gateway.take(records.flatMap((record) => record ?? []));
  expect(performance.now() - since).toBeLessThan(20_000);
  expect(await textsOf(tea)).toEqual(["still here"]);
  expect(gateway.answers).toHaveLength(10_001);
});
