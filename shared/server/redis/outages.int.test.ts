import { afterAll, beforeAll, expect, test } from "vitest";
import { type Relay, startRelay } from "../../../load-tests/support/relay.ts";
import { startRedis, type TestRedis } from "../../../test/support/redis.ts";
import { createLog } from "../process/logger.ts";
import { Unavailable } from "../process/unavailable.ts";
import { type Commands, connected, openCommands } from "./connect.ts";
import { CLIENT_ERRORS } from "./outages.ts";
import { openScript } from "./script.ts";

let server: TestRedis;
let relay: Relay;
const opened: Commands[] = [];
beforeAll(async () => {
  server = await startRedis();
  relay = await startRelay(server.port);
});
afterAll(async () => {
  for (const redis of opened) redis.disconnect();
  await relay.close();
  await server.stop();
});

function open(port: number): Commands {
  const redis = openCommands(`redis://127.0.0.1:${port}`, "test", createLog("test", "silent"));
  opened.push(redis);
  return redis;
}

/** Two commands of one batch and a script, which the library sends in different ways. */
async function failures(redis: Commands): Promise<unknown[]> {
  const asked = [redis.get("a"), redis.get("b"), openScript(redis, "typing").run(["c"], [1, "x", "y"])];
  return (await Promise.allSettled(asked)).map((each) => (each.status === "rejected" ? each.reason : each));
}
const causesOf = (errors: unknown[]): unknown[] =>
  errors.map((error) => (error instanceof Unavailable && error.cause instanceof Error ? error.cause : error));

test("each error that the library has only words for is an outage, and each of those words is one that it says", async () => {
  const heard = new Set<string>();
  const hear = (errors: unknown[]): void => {
    expect(errors).toEqual(Array(3).fill(expect.any(Unavailable)));
    for (const cause of causesOf(errors)) if (cause instanceof Error) heard.add(cause.message);
  };
  const nowhere = open(1);
  await expect(connected(nowhere)).rejects.toThrow(Unavailable);
  hear(await failures(nowhere));
  const ended = open(1);
  ended.disconnect();
  hear(await failures(ended));
  const silent = open(relay.port);
  await connected(silent);
  relay.blackHole();
  hear(await failures(silent));
  expect(heard).toEqual(CLIENT_ERRORS);
});

test("a connection that is lost while commands are under way is an outage", async () => {
  const redis = open(relay.port);
  await connected(redis);
  const failed = failures(redis);
  // They are written in the next turn.
  await new Promise(setImmediate);
  relay.cut();
  expect(await failed).toEqual(Array(3).fill(expect.any(Unavailable)));
  relay.mend();
});

test("a full Redis is an outage; a command that is wrong is a fault, and what Redis says of it stays as it is", async () => {
  const redis = open(server.port);
  await connected(redis);
  await redis.config("SET", "maxmemory", 1);
  await expect(redis.set("full", "x")).rejects.toThrow(Unavailable);
  await redis.config("SET", "maxmemory", 0);
  await redis.set("text", "x");
  for (const wrong of [redis.hget("text", "x"), redis.call("NOSUCH")])
    await expect(wrong).rejects.toMatchObject({ name: "ReplyError" });
});
