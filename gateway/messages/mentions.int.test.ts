import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Mention } from "../../shared/server-frames.ts";
import { startRedis, type TestRedis } from "../../test/support/redis.ts";
import { openTestNode, type TestNode } from "../testing/test-node.ts";
import { createExtras } from "./extras.ts";
import { createMessages } from "./send.ts";

let server: TestRedis;
let node: TestNode;
let n = 0;
beforeAll(async () => {
  server = await startRedis();
  node = await openTestNode(server.url, { lastSeq: 0 });
});
afterAll(async () => {
  node?.close();
  await server?.stop();
});
beforeEach(async () => {
  await node.redis.flushall();
});

const FRIENDS = [
  { id: "u2", nickname: "하늘과 바다와 별" },
  { id: "u3", nickname: "ann" },
  { id: "u1", nickname: "수다" },
];

/** Sends as a user whom every rule admits. */
const sender = () =>
  createMessages({
    admit: async () => ({ decision: "ok", nickname: "수다", role: "user" }),
    ...{ scripts: node.scripts, log: node.roomLog, messageChars: 30 },
    extrasOf: createExtras(
      async (ids) => FRIENDS.filter(({ id }) => ids.includes(id)),
      async () => ({ seq: 1, user: "u4" }),
      30,
    ),
    onRestricted: async () => undefined,
    onSent: () => undefined,
  });

describe("a message that mentions people", () => {
  const mentioning = (text: string, mentions: string[], clientId = `c${++n}`) =>
    sender().send({ userId: "u1", room: "lobby", clientId, text, mentions });
  const noted = async () => {
    const entries = await node.redis.xrange(node.keys.mentions(node.keys.shardOf("lobby")), "-", "+");
    return entries.map(([, [, room, , seq, , at, , by, , ids]]) => [room, seq, Number(at) > 0, by, ids]);
  };
  const newest = async () =>
    JSON.parse((await node.redis.xrevrange(node.keys.log("lobby"), "+", "-", "COUNT", 1))[0]?.[1][1] ?? "");

  test("has their places, and is noted once for all gateways, but not for its own author", async () => {
    await mentioning(" @ann, @하늘과 바다와 별 @수다!", ["u3", "u2", "u1", "nobody", "u3"], "first");
    await mentioning(" @ann, @하늘과 바다와 별 @수다!", ["u3", "u2", "u1", "nobody", "u3"], "first");
    const { text, mentions } = await newest();
    expect(mentions.map(({ id, start, length }: Mention) => [id, text.slice(start, start + length)])).toEqual(
      [
        ...[
          ["u3", "@ann"],
          ["u2", "@하늘과 바다와 별"],
          ["u1", "@수다"],
        ],
      ],
    );
    expect(await noted()).toEqual([["lobby", "1", true, "u1", "u3 u2"]]);
  });

  test("is one without mentions where the names are not in the text, or only its author is", async () => {
    await mentioning("hello", ["u3"]);
    expect(await newest()).not.toHaveProperty("mentions");
    await mentioning("@수다", ["u1"]);
    expect((await newest()).mentions).toHaveLength(1);
    expect(await noted()).toEqual([]);
  });

  test("may be longer by their names, and by no more", async () => {
    await mentioning(`@하늘과 바다와 별${"x".repeat(28)}`, ["u2"]);
    await expect(mentioning(`@하늘과 바다와 별${"x".repeat(29)}`, ["u2"])).rejects.toThrow("too_long");
    await expect(mentioning("x".repeat(31), ["u2"])).rejects.toThrow("too_long");
  });

  test("is noted in the stream of its shard, also among others that come with it", async () => {
    const from = sender();
    const send = (index: number, room: string, mentions?: string[]) =>
      from.send({ userId: "u1", room, clientId: `m-${index}`, text: `@ann ${index}`, mentions });
    const sent = await Promise.all([
      ...[
        send(1, "tea"),
        send(2, "lobby", ["u3"]),
        send(3, "tea", ["u3"]),
        send(4, "lobby"),
        send(5, "lobby", ["u3"]),
      ],
    ]);
    const streams = await Promise.all(
      [0, 1, 2, 3].map((shard) => node.redis.xrange(node.keys.mentions(shard), "-", "+")),
    );
    const all = streams.flat().map(([, [, room, , seq]]) => `${room} ${seq}`);
    expect(all.sort()).toEqual(
      [1, 2, 4].map((at) => `${at === 2 ? "tea" : "lobby"} ${sent[at]?.seq}`).sort(),
    );
  });
});
