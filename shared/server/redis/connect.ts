/**
 * The only place that opens Redis. There are two kinds of connection, because they must fail differently: `commands` answer
 * or fail within a time limit and never queue during an outage; a `subscriber` keeps reconnecting.
 */
import { Command, Redis } from "ioredis";
import { BUS_TIMEOUT_MS, COMMAND_TIMEOUT_MS, REDIS_SILENT_MS } from "../../timeouts.ts";
import type { Log } from "../process/logger.ts";
import { Unavailable } from "../process/unavailable.ts";
import { type Argument, encodeCommand } from "./encoded-command.ts";
import { redisError } from "./outages.ts";

/** Takes keys and arguments as one array, because those of a busy room exceed the max number of parameters of a call. */
type Run = (hashOrText: string, keyCount: number, keysAndArguments: Argument[]) => Promise<unknown>;

export type { Redis };
export type Subscriber = Redis;
/**
 * Adds forms of these commands that the library has but does not type: with one array, and with an answer in bytes; and `writeNow`,
 * which joins no batch of the library's.
 */
export type Commands = Redis & { evalsha: Run; eval: Run; evalshaBuffer: Run; evalBuffer: Run } & Pick<
    Door,
    "writeNow"
  >;

/** The library resends nothing, because the outcome of an unanswered write is unknown and only its caller may retry it. */
const COMMON = {
  lazyConnect: true,
  autoResendUnfulfilledCommands: false,
  keepAlive: 5_000,
  connectTimeout: 2_000,
  // While Redis loads its file, it reports a remaining time that is far too long, and the library would wait for it.
  maxLoadingRetryTime: 100,
  retryStrategy: (tries: number) => Math.random() * Math.min(1_000, 50 * 2 ** tries),
} as const;

/** Told of each outage. `isRefusal` false: the connection failed, and no command waited for it. */
export type OnOutage = (error: unknown, isRefusal?: boolean) => void;

/** A Redis client whose outages are `Unavailable`. Adds nothing to commands that succeed. */
class Door extends Redis {
  onOutage: OnOutage | undefined;

  override sendCommand(command: Command, stream?: Parameters<Redis["sendCommand"]>[1]): unknown {
    const { reject } = command;
    command.reject = (error) => {
      const met = redisError(error) as Error;
      if (met instanceof Unavailable) this.onOutage?.(met);
      reject(met);
    };
    return super.sendCommand(command, stream);
  }

  writeNow(name: string, ...lists: Argument[][]): Promise<unknown> {
    const command = new Command(name, [], { replyEncoding: "utf8" });
    command.toWritable = () => encodeCommand(name, lists);
    return this.sendCommand(command) as Promise<unknown>;
  }
}

/**
 * Creates a client for commands. They fail at once while the connection is down, otherwise within twice `COMMAND_TIMEOUT_MS`,
 * because the library writes a batch only when each command of the previous batch was answered or timed out.
 * @param onOutage without it, errors of the connection itself are logged once per outage.
 */
export function openCommands(url: string, name: string, log: Log, onOutage?: OnOutage): Commands {
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
    { name, log, onOutage },
  );
}

/** Creates a client for pub/sub. It subscribes to its channels again after a reconnect; messages published in between are lost. */
export function openSubscriber(url: string, name: string, log: Log, onOutage?: OnOutage): Subscriber {
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
    { name, log, onOutage },
  );
}

/**
 * Connects once, lets `visit` ask, and disconnects. Logs nothing and tries nothing again.
 * @throws the first error of Redis or of the network as it came, such as WRONGPASS or ECONNREFUSED.
 */
export async function visitRedis<T>(
  url: string,
  withinMs: number,
  visit: (redis: Redis) => Promise<T>,
): Promise<T> {
  const redis = new Redis(url, {
    ...{ lazyConnect: true, connectTimeout: withinMs, commandTimeout: withinMs, maxRetriesPerRequest: 0 },
    ...{ enableReadyCheck: false, retryStrategy: () => undefined },
  });
  let first: Error | undefined;
  redis.on("error", (error) => {
    first ??= error;
  });
  try {
    await redis.connect();
    const found = await visit(redis);
    if (first) throw first;
    return found;
  } catch (error) {
    throw first ?? error;
  } finally {
    redis.disconnect();
  }
}

/**
 * Connects unless a connection is open or in progress.
 * @throws Unavailable if this attempt failed; the client keeps trying by itself.
 */
export async function connected(redis: Redis): Promise<void> {
  try {
    if (redis.status === "wait") await redis.connect();
  } catch (error) {
    throw redisError(error);
  }
  if (redis.status !== "ready") throw new Unavailable("Redis was not reached yet");
}

type Watching = { name: string; log: Log; onOutage: OnOutage | undefined };

function watched(redis: Door, { name, log, onOutage }: Watching): Commands {
  redis.onOutage = onOutage;
  if (onOutage) {
    redis.on("error", (error) => onOutage(error, false));
    return redis as Redis as Commands;
  }
  let notified = false;
  redis.on("error", (error) => {
    if (!notified) log.warn({ err: error, connection: name }, "redis is away");
    notified = true;
  });
  redis.on("ready", () => {
    if (notified) log.info({ connection: name }, "redis is back");
    notified = false;
  });
  return redis as Redis as Commands;
}
