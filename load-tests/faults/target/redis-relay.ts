/** A line to Redis that can swallow everything without a word: a network that is gone, not a connection that was closed. */
import { connect, createServer, type Socket } from "node:net";

export type RedisRelay = Awaited<ReturnType<typeof openRedisRelay>>;

type Pair = { near: Socket; far: Socket; swallows: boolean; subscribes: boolean };

/** What a connection says that is used for pub/sub. */
const SUBSCRIBE = /\bs?subscribe\b/i;

/** Forwards `port` to `to`, both on this machine. */
export async function openRedisRelay(port: number, to: number) {
  const pairs = new Set<Pair>();
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    const pair: Pair = { near, far, swallows: false, subscribes: false };
    pairs.add(pair);
    const drop = (): void => {
      // Where the network is gone, nobody is told that the other side has closed.
      if (pair.swallows) return;
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    near.on("data", (data) => {
      if (!pair.subscribes && SUBSCRIBE.test(data.toString("latin1"))) pair.subscribes = true;
      if (!pair.swallows) far.write(data);
    });
    far.on("data", (data) => {
      if (!pair.swallows) near.write(data);
    });
    for (const end of [near, far]) end.on("error", drop).on("close", drop);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1" }, resolve);
  });
  return {
    /** From now on nothing passes on the open connections; new ones work. @returns how many are affected. */
    blackHole(which: "pub/sub" | "all"): number {
      const hit = [...pairs].filter(({ subscribes }) => subscribes || which === "all");
      for (const pair of hit) pair.swallows = true;
      return hit.length;
    },
    async close(): Promise<void> {
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
