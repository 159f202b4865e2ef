import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import { startRedis, type TestRedis } from "../test/support/redis.ts";
import { openTestNode } from "./testing/test-node.ts";

let server: TestRedis;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

test("a subscription that fails late, of a connection that is gone, does not break the one that took its place", async () => {
  const { bus, subscriber, close } = await openTestNode(server.url, { lastSeq: 0 });
  await bus.subscribe("tea", () => undefined);
  let fail = (): void => undefined;
  const unanswered = new Promise<number>((_, reject) => {
    fail = () => reject(new Unavailable("Redis is away"));
  });
  const subscribe = vi.spyOn(subscriber, "ssubscribe").mockReturnValueOnce(unanswered);
  subscriber.stream.destroy();
  await vi.waitFor(() => expect(subscribe).toHaveBeenCalledTimes(1));
  expect(bus.healthy).toBe(false);
  subscriber.stream.destroy();
  await vi.waitFor(() => expect(bus.healthy).toBe(true));
  const disconnect = vi.spyOn(subscriber, "disconnect");
  fail();
  // A round trip to Redis, after which the bus knows of the failure.
  await unanswered.then(undefined, () => bus.check());
  expect(disconnect).not.toHaveBeenCalled();
  expect(bus.healthy).toBe(true);
  close();
});
