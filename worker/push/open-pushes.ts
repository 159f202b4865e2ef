/** Wires notifications of closed pages. Without a key there are none. */
import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "../../shared/server/postgres/database.ts";
import type { Config } from "../../shared/server/process/config.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Counter, type Registry } from "../../shared/server/process/metrics.ts";
import { readPushKey } from "../../shared/server/push/push-key.ts";
import type { Commands } from "../../shared/server/redis/connect.ts";
import { openFrontStore } from "../../shared/server/redis/front-store.ts";
import type { RedisKeys } from "../../shared/server/redis/keys.ts";
import type { Task } from "../repeat.ts";
import { createDelivery } from "./deliver.ts";
import { createLineWatch, createMentionWatch } from "./mention-watch.ts";
import { createNotifier } from "./notifier.ts";
import { createPushQueries } from "./push-queries.ts";
import { createVapid } from "./vapid.ts";

const EVERY_MS = 1_000;
const FORGET_MS = 600_000;
/** How long a stopping worker waits for what it has taken from the queue. */
const SETTLE_MS = 3_000;

type Deps = {
  config: Pick<Config, "pushKey" | "pushContact" | "pushHosts" | "publicUrl">;
  log: Log;
  registry: Registry;
  redis: Commands;
  keys: RedisKeys;
  database: Database;
  limitMs: number;
  signal: AbortSignal;
};

export function openPushes({ config, log, registry, redis, keys, database, limitMs, signal }: Deps) {
  if (config.pushKey === "")
    return {
      publicKey: undefined,
      tasks: [],
      wake: () => undefined,
      soon: async () => false,
      close: async () => undefined,
    };
  const key = readPushKey(config.pushKey);
  const home = config.publicUrl.startsWith("https:") ? config.publicUrl : "";
  const delivery = createDelivery(config.pushHosts, createVapid(key, config.pushContact || home));
  const outcomes = new Counter({
    name: "suda_pushes_total",
    help: "Notifications of closed pages by outcome: sent, gone, refused, busy, lost, and unneeded messages, which were seen elsewhere",
    labelNames: ["outcome"],
    registers: [registry],
  });
  const front = openFrontStore(redis, keys);
  const notifier = createNotifier({
    ...{ database, limitMs, key: key.publicKey, deliver: delivery.deliver, log, signal },
    front,
    count: (outcome, number = 1) => outcomes.inc({ outcome }, number),
  });
  const isMention = createMentionWatch(front.newestMention, keys.shardOf);
  const isLine = createLineWatch();
  const tasks: Task[] = [
    { name: "pushes", run: notifier.run, everyMs: EVERY_MS },
    { name: "old pushes", run: forget, everyMs: FORGET_MS },
  ];

  return {
    /** Browsers can subscribe once gateways can read it. */
    publicKey: key.publicKey,
    tasks,
    /** To be called when events were archived. */
    wake: notifier.wake,
    soon: async (rooms: readonly { room: string }[]): Promise<boolean> =>
      (await isMention(rooms)) || isLine(rooms),
    async close(): Promise<void> {
      await Promise.race([notifier.settle(), wait(SETTLE_MS, undefined, { ref: false })]);
      delivery.close();
    },
  };

  async function forget(): Promise<boolean> {
    await database.use(limitMs, (sql) => createPushQueries(sql).forgetOld());
    return false;
  }
}
