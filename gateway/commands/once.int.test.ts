/** Each command is executed once and answered, however often it comes and whenever its gateway dies. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { type BotTest, openBotTest, TOPIC } from "./testing/bot-gateway.ts";

let bots: BotTest;
let victim: string;
let n = 0;
beforeAll(async () => {
  bots = await openBotTest();
});
afterAll(() => bots.close());
beforeEach(async () => {
  await bots.sql`truncate kafka_outbox, kafka_commands, kafka_offsets, audit`;
  bots.notified.length = 0;
  victim = await bots.people.add("user");
});

const room = (): string => `room-${++n}`;
const command = <Fields extends object>(fields: Fields) => ({
  id: `c-${++n}`,
  expires: Date.now() + 60_000,
  ...fields,
});
const textsOf = async (name: string) =>
  (await bots.eventsOf(name)).flatMap((event) => (event.type === "message" ? [event.text] : []));

test("a command is executed, audited and answered, and the offset behind it is kept", async () => {
  const tea = room();
  const [record] = bots.records(command({ id: "first", type: "send", room: tea, text: "  hello  " }));
  const gateway = await bots.gatewayWith();
  if (record) await gateway.take([record]);
  const dicebot = bots.bots.idOf("dicebot");
  expect(await bots.eventsOf(tea)).toMatchObject([
    { type: "message", text: "hello", user: { id: dicebot, nickname: "dicebot" }, clientId: "first" },
  ]);
  expect(await bots.published()).toEqual([
    { id: "first", key: "dicebot", record: `0/${record?.offset}`, ok: true, room: tea, seq: 1 },
  ]);
  expect(await bots.audit()).toEqual([
    {
      ...{ act: "command", by: dicebot, user: null, room: tea },
      detail: { type: "send", key: "dicebot", id: "first" },
    },
  ]);
  expect(await gateway.store.readOffsets()).toEqual(new Map([[0, (record?.offset ?? 0n) + 1n]]));
});

test("a copy of a command gets the answer of the first one, and does nothing: at once, later, after its end", async () => {
  const tea = room();
  const sent = command({ type: "send", room: tea, text: "once" });
  const [first, second, third] = bots.records(sent, sent, sent);
  const gateway = await bots.gatewayWith();
  await gateway.take([first, second].flatMap((each) => each ?? []));
  const late = await bots.gatewayWith({ now: () => sent.expires + 1 });
  if (third) await late.take([third]);
  expect(await textsOf(tea)).toEqual(["once"]);
  const answers = await bots.published();
  expect(answers.map(({ ok, repeated, record }) => [ok, repeated, record])).toEqual([
    [true, undefined, `0/${first?.offset}`],
    [true, true, `0/${second?.offset}`],
    [true, true, `0/${third?.offset}`],
  ]);
  expect(await bots.audit()).toHaveLength(1);
});

test("a refused command stays refused when it comes again, though it would be allowed by now", async () => {
  const sent = command({ type: "send", room: "nowhere", text: "hello" });
  const gateway = await bots.gatewayWith();
  await gateway.take(bots.records(sent));
  const later = await bots.gatewayWith({ execution: { execute: async () => ({ room: "nowhere", seq: 1 }) } });
  await later.take(bots.records(sent));
  expect(gateway.answers).toMatchObject([{ ok: false, code: "no_such_room" }]);
  expect(later.answers).toMatchObject([{ ok: false, code: "no_such_room", repeated: true }]);
  expect(await bots.audit()).toEqual([]);
});

/** A gateway that dies between the effect of its commands and their answers. */
const dying = () =>
  bots.gatewayWith({
    store: {
      answer: async () => {
        throw new Unavailable("died");
      },
    },
  });

test.each(["send", "delete", "notice"] as const)(
  "a gateway dies between a %s and its answer: the next one answers, and nothing is done twice",
  async (type) => {
    const tea = room();
    const start = command({ type: "send", room: tea, text: "before" });
    const first = await bots.gatewayWith();
    await first.take(bots.signedBy("guardbot", start));
    const fields = { send: { text: "after" }, delete: { seq: 1 }, notice: { text: "after" } }[type];
    const records = bots.signedBy("guardbot", command({ type, room: tea, ...fields }));
    await expect((await dying()).take(records)).rejects.toThrow("died");
    const done = await bots.eventsOf(tea);
    const next = await bots.gatewayWith();
    await next.take(records);
    expect(await bots.eventsOf(tea)).toEqual(done);
    const seq = done.at(-1)?.seq;
    expect((await bots.published()).slice(1)).toMatchObject([{ ok: true, room: tea, seq }]);
  },
);

test.each(["mute", "ban"] as const)(
  "a gateway dies between a %s and its answer: it is done once, and the gateways are notified of what holds now",
  async (type) => {
    const until = Date.now() + 50_000;
    const records = bots.signedBy(
      "chiefbot",
      command({ type, user: victim, untilMs: until, reason: "spam" }),
    );
    await expect((await dying()).take(records)).rejects.toThrow("died");
    const [before] = bots.notified;
    await (await bots.gatewayWith()).take(records);
    expect(bots.notified).toEqual([before, before]);
    expect((await bots.audit()).map(({ act }) => act)).toEqual([type, "command"]);
    expect(await bots.published()).toMatchObject([{ ok: true }]);
  },
);

test("a mute whose gateway died is not made again after a moderator lifted it, and counts as done", async () => {
  const moderator = await bots.people.add("moderator");
  const records = bots.signedBy(
    "guardbot",
    command({ type: "mute", user: victim, untilMs: Date.now() + 50_000 }),
  );
  await expect((await dying()).take(records)).rejects.toThrow("died");
  await bots.gateway.moderation.unmute(moderator, victim);
  await (await bots.gatewayWith()).take(records);
  expect((await bots.gateway.users.find(victim)).restricted).toBeUndefined();
  expect(bots.notified.at(-1)).toMatchObject(["restricted", victim, "", undefined, {}]);
  expect(await bots.published()).toMatchObject([{ ok: true }]);
});

test("a gateway that was overtaken answers nothing, and what both did was done once", async () => {
  const tea = room();
  const records = bots.records(
    command({ type: "send", room: tea, text: "one" }),
    command({ type: "send", room: tea, text: "two" }),
  );
  const slow = await bots.gatewayWith();
  const quick = await bots.gatewayWith();
  await quick.take(records);
  await expect(slow.take(records)).rejects.toBeInstanceOf(Unavailable);
  expect(await textsOf(tea)).toEqual(["one", "two"]);
  expect(await bots.published()).toHaveLength(2);
  expect(slow.answers).toEqual([]);
});

test("two gateways at once, each certain that it is alone, give each command one answer", async () => {
  const tea = room();
  const commands = Array.from({ length: 30 }, (_, index) =>
    command({ type: "send", room: tea, text: `message ${index}` }),
  );
  const records = bots.records(...commands);
  const gateways = await Promise.all([bots.gatewayWith(), bots.gatewayWith()]);
  await Promise.allSettled(gateways.map(({ take }) => take(records)));
  const last = await bots.gatewayWith();
  const next = (await last.store.readOffsets()).get(0) ?? 0n;
  await last.take(records.filter(({ offset }) => offset >= next));
  expect((await textsOf(tea)).toSorted()).toEqual(commands.map(({ text }) => text).toSorted());
  const answers = await bots.published();
  expect(answers.map(({ id }) => id)).toEqual(commands.map(({ id }) => id));
});

test("offsets belong to their topic, and a topic that was made anew is read from its start", async () => {
  const [old] = bots.records(command({ type: "send", room: room(), text: "old" }));
  const gateway = await bots.gatewayWith();
  if (old) await gateway.take([{ ...old, offset: 500n }]);
  const next = await bots.gatewayWith();
  const [fresh] = bots.records(command({ type: "send", room: room(), text: "fresh" }));
  if (fresh) await next.take([{ ...fresh, offset: 0n }]);
  expect(await next.store.readOffsets()).toEqual(new Map([[0, 1n]]));
  const [row] = await bots.sql`select count(*)::int as count from kafka_offsets where topic = ${TOPIC}`;
  expect(row?.count).toBe(1);
});
