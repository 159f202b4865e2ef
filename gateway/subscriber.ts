/**
 * The bus: one sharded pub/sub connection to Redis. It forwards bytes and tells when it broke and when it is whole
 * again; what was published meanwhile is gone and has to be read from the logs by those who listen.
 */
import type { Subscriber } from "../shared/server/redis/connect.ts";

export type Listener = (message: Buffer) => void;
export type Bus = ReturnType<typeof createBus>;

export function createBus(redis: Subscriber) {
  const listeners = new Map<string, Listener>();
  let whole = redis.status === "ready";
  let onBroken = (): void => undefined;
  let onWhole = (): void => undefined;
  let checking: Promise<void> | null = null;

  /** Opens another connection for one that does not work, unless that has happened by now. */
  const replace = (stream: Subscriber["stream"]): void => {
    if (redis.status === "ready" && redis.stream === stream) redis.disconnect(true);
  };

  redis.on("smessageBuffer", (channel: Buffer, message: Buffer) => {
    listeners.get(channel.toString("latin1"))?.(message);
  });
  redis.on("close", () => {
    if (whole) onBroken();
    whole = false;
  });
  // The library would subscribe again by itself, but would not say when that has taken effect; a log that is read
  // before it has could miss what is published in between.
  redis.on("ready", () => {
    const { stream } = redis;
    const channels = [...listeners.keys()];
    Promise.all(channels.map((channel) => redis.ssubscribe(channel))).then(
      () => {
        whole = true;
        onWhole();
      },
      // The next connection's `ready` comes back here.
      () => replace(stream),
    );
  });

  const ask = async (): Promise<void> => {
    if (!whole) return;
    const { stream } = redis;
    try {
      await redis.ping();
    } catch {
      // Whatever it answered instead of a sign of life: another connection is opened.
      replace(stream);
    }
  };

  return {
    get whole(): boolean {
      return whole;
    },
    /** `broken`: events may be missed from now on. `whole`: every channel is subscribed again. */
    watch(broken: () => void, whole_: () => void): void {
      onBroken = broken;
      onWhole = whole_;
    },
    /**
     * Resolves when what is published from now on will be heard.
     * @throws while the bus is broken: waiting for its return would let joins pile up.
     */
    async subscribe(channel: string, listener: Listener): Promise<void> {
      if (!whole) throw new Error("Connection is closed: the bus is broken");
      listeners.set(channel, listener);
      await redis.ssubscribe(channel);
    },
    async unsubscribe(channel: string): Promise<void> {
      listeners.delete(channel);
      if (whole) await redis.sunsubscribe(channel);
    },
    /**
     * Asks for a sign of life, once at a time. Without one within the command time-out, or with an error, another
     * connection is opened. A broken bus is not asked: it comes back by itself or it does not, which `whole` tells.
     */
    check(): Promise<void> {
      checking ??= ask().finally(() => {
        checking = null;
      });
      return checking;
    },
  };
}
