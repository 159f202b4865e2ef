/**
 * The only place that opens Redis. Two kinds of connection, because each must fail in its own way: `commands` answer
 * or fail within a bound and never queue behind an outage; a `subscriber` keeps trying.
 */
import { type Command, Redis } from "ioredis";
import { BUS_TIMEOUT_MS, COMMAND_TIMEOUT_MS, REDIS_SILENT_MS } from "../../timeouts.ts";
import type { Log } from "../process/logger.ts";
import { Unavailable } from "../process/unavailable.ts";
import { redisError } from "./outages.ts";

type Argument = string | number | Buffer;
/** Keys and arguments as one array: as so many parameters those of a busy room would be more than a call can have. */
type Run = (hashOrText: string, keyCount: number, keysAndArguments: Argument[]) => Promise<unknown>;

export type { Redis };
export type Subscriber = Redis;
/** The library has these commands in this form, and two of them in one that answers with bytes, but its types do not say so. */
export type Commands = Redis & { evalsha: Run; eval: Run; evalshaBuffer: Run; evalBuffer: Run };

/** Nothing is resent by the library: an unanswered write has an unknown outcome, and only its owner may repeat it. */
const COMMON = {
  lazyConnect: true,
  autoResendUnfulfilledCommands: false,
  keepAlive: 5_000,
  connectTimeout: 2_000,
  // A Redis that loads its file says for how long, far too pessimistically, and the library would believe it.
  maxLoadingRetryTime: 100,
  retryStrategy: (tries: number) => Math.random() * Math.min(1_000, 50 * 2 ** tries),
} as const;

/** Redis, whose outages are `Unavailable`. A command that is answered takes the same way as without it. */
class Door extends Redis {
  override sendCommand(command: Command, stream?: Parameters<Redis["sendCommand"]>[1]): unknown {
    const { reject } = command;
    command.reject = (error) => reject(redisError(error) as Error);
    return super.sendCommand(command, stream);
  }
}

/**
 * Connects for commands. They fail at once while the connection is down, and else within twice `COMMAND_TIMEOUT_MS`: the
 * library writes one batch, waits until each of its commands is answered or timed out, and only then writes the next.
 * Errors of the connection itself are logged once per outage.
 */
export function openCommands(url: string, name: string, log: Log): Commands {
  return watched(
    new Door(url, {
      ...COMMON,
      connectionName: name,
      commandTimeout: COMMAND_TIMEOUT_MS,
      socketTimeout: REDIS_SILENT_MS,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      enableAutoPipelining: true,
    }),
    name,
    log,
  );
}

/** Connects for pub/sub: channels are subscribed again after a reconnect, what was published meanwhile is not sent again. */
export function openSubscriber(url: string, name: string, log: Log): Subscriber {
  return watched(
    new Door(url, {
      ...COMMON,
      connectionName: `${name}-bus`,
      commandTimeout: BUS_TIMEOUT_MS,
      socketTimeout: REDIS_SILENT_MS,
      enableOfflineQueue: true,
      autoResubscribe: false,
      maxRetriesPerRequest: null,
    }),
    name,
    log,
  );
}

/** Connects unless it does so already. @throws Unavailable when it was not reached this time; it goes on trying by itself. */
export async function connected(redis: Redis): Promise<void> {
  try {
    if (redis.status === "wait") await redis.connect();
  } catch (error) {
    throw redisError(error);
  }
  if (redis.status !== "ready") throw new Unavailable("Redis was not reached yet");
}

function watched(redis: Redis, name: string, log: Log): Commands {
  let notified = false;
  redis.on("error", (error) => {
    if (!notified) log.warn({ err: error, connection: name }, "redis is away");
    notified = true;
  });
  redis.on("ready", () => {
    if (notified) log.info({ connection: name }, "redis is back");
    notified = false;
  });
  return redis as Commands;
}
