/**
 * The bus: one sharded pub/sub connection to Redis. It forwards bytes, and reports when it broke and when it is healthy
 * again. Messages published in between are lost here, so its listeners read them from the logs.
 */

import { singleFlight } from "../shared/server/process/single-flight.ts";
import { Unavailable } from "../shared/server/process/unavailable.ts";
import type { Subscriber } from "../shared/server/redis/connect.ts";

export type Listener = (message: Buffer) => void;
export type Bus = ReturnType<typeof createBus>;

export function createBus(redis: Subscriber) {
  const listeners = new Map<string, Listener>();
  let healthy = redis.status === "ready";
  let onBroken = (): void => undefined;
  let onHealthy = (): void => undefined;
  const check = singleFlight(ping);

  redis.on("smessageBuffer", (channel: Buffer, message: Buffer) => {
    listeners.get(channel.toString("latin1"))?.(message);
  });
  redis.on("close", () => {
    if (healthy) onBroken();
    healthy = false;
  });
  redis.on("ready", subscribeAgain);

  return {
    /** Every channel is subscribed. */
    get healthy(): boolean {
      return healthy;
    },
    /** `broken`: events may be missed from now on. `restored`: every channel is subscribed again. */
    watch(broken: () => void, restored: () => void): void {
      onBroken = broken;
      onHealthy = restored;
    },
    /**
     * Resolves when the listener gets everything published from then on.
     * @throws while the bus is broken, because waiting for its return would let joins pile up.
     */
    async subscribe(channel: string, listener: Listener): Promise<void> {
      if (!healthy) throw new Unavailable("the bus is broken");
      listeners.set(channel, listener);
      await redis.ssubscribe(channel);
    },
    async unsubscribe(channel: string): Promise<void> {
      listeners.delete(channel);
      if (healthy) await redis.sunsubscribe(channel);
    },
    /**
     * Pings, in single flight. Without an answer within the command time-out, or with an error, the connection is replaced.
     * Does nothing while the bus is broken, because it is reconnecting already.
     */
    check: (): Promise<void> => check(),
  };

  /**
   * The library would subscribe again by itself, but does not report when that has taken effect, and a log that is read
   * before could miss an event that is published in between.
   */
  function subscribeAgain(): void {
    const { stream } = redis;
    const channels = [...listeners.keys()];
    Promise.all(channels.map((channel) => redis.ssubscribe(channel))).then(
      () => {
        healthy = true;
        onHealthy();
      },
      // The next connection's `ready` leads back to this function.
      () => replace(stream),
    );
  }

  /** Opens another connection in place of a broken one, unless that has happened already. */
  function replace(stream: Subscriber["stream"]): void {
    if (redis.status === "ready" && redis.stream === stream) redis.disconnect(true);
  }

  async function ping(): Promise<void> {
    if (!healthy) return;
    const { stream } = redis;
    try {
      await redis.ping();
    } catch {
      // Any error instead of an answer replaces the connection.
      replace(stream);
    }
  }
}
