/**
 * A page that stays open through thousands of messages: its memory after the first thousand and at the end, and the
 * cost of a message.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { until } from "../shared/until.ts";
import { addressOf } from "./cluster.ts";
import { createDecoder } from "./decode.ts";
import { type Client, openClient } from "./driver.ts";
import { createRoom } from "./history.ts";
import { type Held, openSoakedPage, type SoakedPage } from "./soaked-page.ts";

/**
 * `acts`: how many times the page is used between the first and the last measurement. `rate`: messages a second.
 * `priced`: the number of messages for measuring the cost of one, before and after. `growthMb`: the allowed growth of
 * the heap.
 */
export type SoakOptions = {
  messages: number;
  acts: number;
  rate: number;
  priced: number;
  growthMb: number;
};
type Check = { words: string; holds: boolean };

const FIRST = 1_000;
/** Slow enough for the page to show each message by itself, because messages shown together cost less. */
const PRICED_RATE = 30;
const TICK_MS = 20;
/** The time for the page to draw new rows and release old ones. */
const SETTLE_MS = 1_000;
const ACKNOWLEDGED_WITHIN_MS = 30_000;
const MAX_GROWTH = 0.1;

/** @returns the checks, each with its figures in words. */
export async function soakPage(url: string, tokens: string[], options: SoakOptions): Promise<Check[]> {
  const other = `soak-${randomBytes(4).toString("hex")}`;
  await createRoom(url, tokens[0] ?? "", other);
  const clients = await openSenders(url, tokens);
  const page = await openSoakedPage(url, other);
  const say = createVoice(clients, page);
  try {
    // Uses the page once before the first measurement, because things it loads at first use are not growth.
    await say(FIRST / 2, options.rate);
    await page.use();
    await say(FIRST / 2, options.rate);
    // Messages that come one by one may leave more behind than a flood does, so they are part of what is measured.
    const costBefore = await priceOf(page, say, options.priced);
    const first = await holding(page);
    const parts = Math.max(1, options.acts);
    for (let part = 0; part < parts; part++) {
      await say(Math.round((options.messages - FIRST) / parts), options.rate);
      if (part < options.acts) await page.use();
    }
    const costAfter = await priceOf(page, say, options.priced);
    const last = await holding(page);
    return [...judge(first, last, options.growthMb), price(costBefore, costAfter), unbroken(page.complaints)];
  } finally {
    await page.close();
    for (const client of clients) client.close();
  }
}

type Sender = Pick<Client, "send" | "close"> & { unanswered: () => number };

/** @returns senders that say again what was refused, as pages do: behind a refusal in an outage all their messages are refused. */
function openSenders(url: string, tokens: string[]): Promise<Sender[]> {
  const decode = createDecoder();
  return Promise.all(tokens.map((token) => openSender(url, token, decode)));
}

async function openSender(
  url: string,
  token: string,
  decode: ReturnType<typeof createDecoder>,
): Promise<Sender> {
  const unanswered = new Map<string, string>();
  const client = await openClient({
    ...{ address: addressOf(url), token, room: "lobby", decode },
    hear: (frame) => {
      if (frame.type === "ack") unanswered.delete(frame.clientId);
      if (frame.type !== "refused" || frame.clientId === undefined) return;
      const { clientId, retryAfterMs = 0 } = frame;
      setTimeout(() => client.send(clientId, unanswered.get(clientId) ?? ""), retryAfterMs);
    },
    closed: () => undefined,
  });
  return {
    send(clientId, text) {
      unanswered.set(clientId, text);
      client.send(clientId, text);
    },
    close: client.close,
    unanswered: () => unanswered.size,
  };
}

/** Sends the same texts in turn, so that drawing costs the same, and one of its own behind all. Resolves when the page shows that one. */
function createVoice(senders: readonly Sender[], page: SoakedPage) {
  let sent = 0;
  return async (count: number, rate: number): Promise<void> => {
    const [from, startedAt] = [sent, performance.now()];
    while (sent < from + count - 1) {
      const due = Math.min(count - 1, Math.ceil(((performance.now() - startedAt) / 1_000) * rate));
      while (sent < from + due) say(`말이 물처럼 흐른다 ${sent % 10}`);
      await wait(TICK_MS);
    }
    const isAnswered = () => senders.every(({ unanswered }) => unanswered() === 0);
    await until("every message is acknowledged", isAnswered, { withinMs: ACKNOWLEDGED_WITHIN_MS });
    const last = `끝 ${sent}`;
    say(last);
    await page.shows(last);
  };

  function say(text: string) {
    senders[sent % senders.length]?.send(`soak-${sent}`, text);
    sent += 1;
  }
}

async function holding(page: SoakedPage): Promise<Held> {
  await wait(SETTLE_MS);
  return await page.held();
}

/** @returns time of the main thread for each message, and time of scripts in it, ms. */
async function priceOf(
  page: SoakedPage,
  say: ReturnType<typeof createVoice>,
  messages: number,
): Promise<[number, number]> {
  await wait(SETTLE_MS);
  const before = await page.busy();
  await say(messages, PRICED_RATE);
  const after = await page.busy();
  return [(after.taskMs - before.taskMs) / messages, (after.scriptMs - before.scriptMs) / messages];
}

function judge(first: Held, last: Held, growthMb: number): Check[] {
  const share = (name: "nodes" | "listeners"): Check => ({
    words: `${name} within ${MAX_GROWTH * 100} % (${first[name]} after ${FIRST}, ${last[name]} at last)`,
    holds: last[name] <= first[name] * (1 + MAX_GROWTH),
  });
  const [before, after] = [first.heapMb, last.heapMb];
  const words = `heap within ${growthMb} MB (${before.toFixed(1)} MB after ${FIRST}, ${after.toFixed(1)} at last)`;
  return [share("nodes"), share("listeners"), { words, holds: after - before <= growthMb }];
}

/** Reported, not judged, because a busy machine raises every cost. */
function price(before: [number, number], after: [number, number]): Check {
  const shown = ([task, script]: [number, number]): string =>
    `${task.toFixed(2)} ms, ${script.toFixed(2)} of them scripts`;
  return { words: `a message costs the main thread ${shown(before)}; at last ${shown(after)}`, holds: true };
}

function unbroken(complaints: readonly string[]): Check {
  return {
    words: `no error in the page (${complaints.join("; ") || "none"})`,
    holds: complaints.length === 0,
  };
}
