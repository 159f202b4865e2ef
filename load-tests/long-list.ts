/**
 * `npm run long-list -- --messages 10000`
 * A person who reads back to the beginning of a long conversation: starts a cluster, fills a room, and scrolls a real Chromium up to
 * the first message. Exit code 1 if the page held more rows than it may, if a row moved under the eye, or if the memory for a
 * message was large.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { shownCheck } from "./checks.ts";
import { openChromium } from "./chromium.ts";
import { addressOf } from "./cluster.ts";
import { createDecoder } from "./decode.ts";
import { openClient } from "./driver.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const { messages } = optionsOrLeave({ messages: 10_000 }, {});
const MAX_ROWS = 320;
const MAX_JUMP_PX = 4;
const MAX_KB_PER_MESSAGE = 2;
const BATCH = 200;
const STEP_MS = 20;
/** Without a new page of messages for this long, the beginning is not reached any more. */
const STUCK_MS = 30_000;

type Read = { pages: number; rows: number; jump: number; ms: number; heapMb: number };

async function fill(url: string, token: string): Promise<void> {
  let acknowledged = 0;
  const client = await openClient({
    ...{ address: addressOf(url), token, room: "lobby", decode: createDecoder() },
    hear: (frame) => {
      if (frame.type === "ack") acknowledged += 1;
    },
    closed: () => undefined,
  });
  for (let sent = 0; sent < messages; sent += BATCH) {
    const end = Math.min(sent + BATCH, messages);
    for (let i = sent; i < end; i++) client.send(`long-${i}`, `긴 이야기의 ${i}번째 말`);
    while (acknowledged < end) await wait(STEP_MS);
  }
  client.close();
}

/** Runs in the page: scrolls to the top again and again, and compares the places of a row before and after new ones came above. */
const READ_BACK = `(async (stuckMs, stepMs) => {
  const log = document.querySelector(".log");
  const first = () => log.querySelector("[data-row] .bubble");
  const read = { pages: 0, rows: 0, jump: 0 };
  const beganAt = performance.now();
  let movedAt = beganAt;
  while (!log.textContent.includes("긴 이야기의 0번째 말")) {
    const row = first();
    log.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    log.scrollTop = 0;
    const top = row.getBoundingClientRect().top;
    for (let waited = 0; first() === row && waited < 50; waited++) await new Promise((done) => setTimeout(done, stepMs));
    if (first() !== row) {
      read.pages += 1;
      movedAt = performance.now();
      if (row.isConnected) read.jump = Math.max(read.jump, Math.abs(row.getBoundingClientRect().top - top));
    } else if (performance.now() - movedAt > stuckMs) throw new Error("nothing older came");
    read.rows = Math.max(read.rows, log.querySelectorAll("[data-row]").length);
  }
  return { ...read, ms: performance.now() - beganAt };
})`;

async function readBack(page: Page): Promise<Read> {
  await page.locator("[data-row]").last().waitFor();
  const devtools = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize / 2 ** 20;
  };
  const before = await heap();
  const read = await page.evaluate<Omit<Read, "heapMb">>(`${READ_BACK}(${STUCK_MS}, ${STEP_MS})`);
  return { ...read, heapMb: (await heap()) - before };
}

const cluster = await startLocalCluster();
const { browser, page } = await openChromium();
try {
  const [user] = await mintUsers(cluster.data, 1);
  await fill(cluster.url, user?.accessToken ?? "");
  await page.goto(cluster.url);
  const { pages, rows, jump, ms, heapMb } = await readBack(page);
  const kb = (heapMb * 1_024) / messages;
  const checks = [
    { words: `at most ${rows} rows at a time (at most ${MAX_ROWS})`, holds: rows <= MAX_ROWS },
    { words: `a row moved by ${jump.toFixed(1)} px at most (${MAX_JUMP_PX})`, holds: jump <= MAX_JUMP_PX },
    { words: `${kb.toFixed(2)} KB for a message (${MAX_KB_PER_MESSAGE})`, holds: kb <= MAX_KB_PER_MESSAGE },
  ];
  const out = [
    `${messages} messages, ${pages} pages in ${(ms / 1_000).toFixed(1)} s, ${(ms / pages).toFixed(0)} ms each:`,
    ...checks.map(({ words, holds }) => shownCheck(words, holds)),
    `cluster and browser together on ${describeMachine()}`,
  ];
  process.stdout.write(`${out.join("\n")}\n`);
  process.exitCode = checks.every(({ holds }) => holds) ? 0 : 1;
} finally {
  await browser.close();
  await cluster.stop();
}
