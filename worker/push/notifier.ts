/**
 * Sends what waits in the queue. A message is taken from the queue before it is sent, so it is sent once at most, whatever dies; a worker
 * that dies in between loses what it had taken. Runs beside the archive, and nothing of it waits for a push service.
 */
import { setTimeout as wait } from "node:timers/promises";
import { backoffMs } from "../../shared/backoff.ts";
import type { Database } from "../../shared/server/postgres/database.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import type { FrontStore } from "../../shared/server/redis/front-store.ts";
import type { Delivery, Outcome } from "./deliver.ts";
import { bytesOf, messageFor, topicOf } from "./payload.ts";
import { createPushQueries, type News, type Subscription } from "./push-queries.ts";

/** How long a person gets nothing after a notification. The next one stands for all that came meanwhile. */
const PACE_MS = 10_000;
/** People whose notifications are sent at once. Each has a few browsers. */
const MAX_PEOPLE = 100;
/** Requests under way, beyond which nothing more is taken from the queue. */
const MAX_REQUESTS = 400;
const MAX_TRIES = 3;
const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 30_000;
/** A subscription whose service fails so often in a row is given up. */
const MAX_FAILURES = 5;
/** The queue is looked at without a reason too, because another worker may have filled it. */
const IDLE_LOOK_MS = 30_000;

export type NotifierDeps = {
  database: Pick<Database, "use">;
  limitMs: number;
  /** The public key that browsers subscribed with. */
  key: string;
  deliver: (delivery: Delivery) => Promise<Outcome>;
  front: Pick<FrontStore, "inFront" | "readUpTo">;
  /** Counts by outcome. */
  count: (outcome: Outcome["is"] | "unneeded", number?: number) => void;
  log: Log;
  signal: AbortSignal;
};

export function createNotifier({ database, limitMs, key, deliver, front, count, log, signal }: NotifierDeps) {
  const underWay = new Set<Promise<void>>();
  let lookAt = 0;

  return {
    /** To be called when events were archived. */
    wake(): void {
      lookAt = 0;
    },
    /** Sends what may be sent now. @returns whether there may be more of it. */
    run,
    /** Resolves when nothing is under way. */
    async settle(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };

  async function run(): Promise<boolean> {
    if (Date.now() < lookAt || underWay.size >= MAX_REQUESTS) return false;
    const waiting = await database.use(limitMs, (sql) => createPushQueries(sql).listWaiting(MAX_PEOPLE));
    const next = waiting.find(({ waitMs }) => waitMs > 0);
    const due = waiting.filter(({ waitMs }) => waitMs <= 0).map(({ userId }) => userId);
    lookAt = Date.now() + Math.min(IDLE_LOOK_MS, next?.waitMs ?? IDLE_LOOK_MS);
    if (due.length === 0) return false;
    // Asked before anything is taken, so that an outage of Redis loses nothing.
    const inFront = await front.inFront(due);
    const { news, subscriptions } = await database.use(limitMs, async (sql) => {
      const queries = createPushQueries(sql);
      const claimed = await sql.begin((tx) => createPushQueries(tx).claim(due, PACE_MS));
      const away = claimed.filter(({ userId }) => !inFront.has(userId));
      count("unneeded", claimed.length - away.length);
      const found = await queries.findNews(away);
      return { news: found, subscriptions: await queries.listSubscriptions(due, key) };
    });
    const unread = await leaveOutRead(news);
    for (const subscription of subscriptions) begin(subscription, unread.get(subscription.userId) ?? []);
    if (waiting.length === MAX_PEOPLE) lookAt = 0;
    return lookAt === 0;
  }

  /** @returns by person what they have not read elsewhere. */
  async function leaveOutRead(news: readonly News[]): Promise<Map<string, News[]>> {
    const positions = await front.readUpTo(news);
    const unread = news.filter(({ seq }, i) => seq > (positions[i] ?? 0));
    count("unneeded", news.length - unread.length);
    return Map.groupBy(unread, ({ userId }) => userId);
  }

  function begin(subscription: Subscription, news: readonly News[]): void {
    const message = messageFor(subscription, news);
    if (!message) return;
    const delivery = { ...subscription, text: bytesOf(message), topic: topicOf(message.room) };
    const sending = send(subscription, delivery)
      .catch((err: unknown) => log.warn({ err }, "the outcome of a notification could not be kept"))
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  }

  async function send({ sessionId, endpoint, failures }: Subscription, delivery: Delivery): Promise<void> {
    const outcome = await deliverPatiently(delivery);
    count(outcome.is);
    const failed = outcome.is === "sent" ? 0 : failures + 1;
    if (failed === failures) return;
    const isOver = outcome.is === "gone" || failed >= MAX_FAILURES;
    await database.use(limitMs, (sql) => {
      const { remove, setFailures } = createPushQueries(sql);
      return isOver ? remove(sessionId, endpoint) : setFailures(sessionId, failed);
    });
  }

  /** Tries again only what surely was not taken. */
  async function deliverPatiently(delivery: Delivery): Promise<Outcome> {
    let outcome = await deliver(delivery);
    for (let tries = 1; outcome.is === "busy" && tries < MAX_TRIES && !signal.aborted; tries++) {
      const restMs = outcome.retryAfterMs ?? backoffMs(tries, RETRY_FIRST_MS, RETRY_MAX_MS);
      await wait(restMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) outcome = await deliver(delivery);
    }
    return outcome;
  }
}
