/**
 * A page that stays open: a real Chromium whose clock can be moved and whose line can be cut, somebody who changes rooms and opens
 * dialogs in it, and what the page holds afterwards.
 */
import type { CDPSession, Page } from "playwright-core";
import { openChromium, signUp } from "./chromium.ts";

/** Runs before the page does: its clock goes `soak.ahead` ms ahead, and `soak.line` is its newest WebSocket. */
const PREPARE = `(() => {
  const soak = { ahead: 0, line: undefined };
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length > 0) super(...given);
      else super(RealDate.now() + soak.ahead);
    }
    static now() {
      return RealDate.now() + soak.ahead;
    }
  };
  const RealSocket = WebSocket;
  globalThis.WebSocket = class extends RealSocket {
    constructor(...given) {
      super(...given);
      soak.line = this;
    }
  };
  globalThis.soak = soak;
})()`;
const DAY_MS = 86_400_000;
/** Some garbage is only found once other garbage is gone. */
const COLLECTIONS = 4;

/** What a page holds, after a collection of garbage. */
export type Held = { nodes: number; listeners: number; heapMb: number };
/** What the page's main thread has done since it was opened, ms. */
export type Busy = { taskMs: number; scriptMs: number };

export type SoakedPage = Awaited<ReturnType<typeof openSoakedPage>>;

/** Somebody who has just signed up is in the lobby, also after each act. @param other a room to change to. */
export async function openSoakedPage(url: string, other: string) {
  const { browser, page } = await openChromium();
  await page.addInitScript(PREPARE);
  await page.goto(url);
  await signUp(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));

  return {
    /** Errors that nobody caught. */
    complaints,
    held: () => heldBy(devtools),
    async busy(): Promise<Busy> {
      const metrics = await metricsOf(devtools);
      return {
        taskMs: (metrics.get("TaskDuration") ?? 0) * 1_000,
        scriptMs: (metrics.get("ScriptDuration") ?? 0) * 1_000,
      };
    },
    /** Waits until a message of exactly this text is shown. */
    shows: (text: string) => page.locator(".bubble").getByText(text, { exact: true }).waitFor(),
    /** All that people do in a page, once: rooms, dialogs, a lost line, days that pass. */
    async use(): Promise<void> {
      await changeRooms(page, other);
      await openDialogs(page);
      await loseLine(page);
      await passDays(page, 2);
    },
    close: () => browser.close(),
  };
}

async function changeRooms(page: Page, other: string): Promise<void> {
  for (const path of [`/r/${other}`, "/"]) {
    await page.locator(`.room-link[href="${path}"]`).click();
    await page.locator(`.room-link[href="${path}"][aria-current]`).waitFor();
    await isReady(page);
  }
}

/** The account's dialog, a new room's, the details of the connection, and the actions of a message. */
async function openDialogs(page: Page): Promise<void> {
  for (const opener of [".account-own", ".new-room"]) {
    await page.locator(opener).click();
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
  }
  await page.locator(".pill").click();
  await page.locator(".pill").click();
  await page.locator(".row").last().hover();
  await page.locator(".row .more").last().click();
  await page.locator(".actions").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".actions").waitFor({ state: "detached" });
}

async function loseLine(page: Page): Promise<void> {
  await page.evaluate("soak.line.close()");
  await page.locator('[data-connection]:not([data-connection="live"])').waitFor();
  await isReady(page);
}

/** The machine slept: its clock is days further, and whoever holds the page looks at it again. */
async function passDays(page: Page, days: number): Promise<void> {
  await page.evaluate(
    `soak.ahead += ${days * DAY_MS}; document.dispatchEvent(new Event("visibilitychange"))`,
  );
  await isReady(page);
}

async function isReady(page: Page): Promise<void> {
  await page.locator('[data-connection="live"]').waitFor();
  await page.locator('.log[aria-busy="false"]').waitFor();
}

async function heldBy(devtools: CDPSession): Promise<Held> {
  for (let i = 0; i < COLLECTIONS; i++) await devtools.send("HeapProfiler.collectGarbage");
  const metrics = await metricsOf(devtools);
  return {
    nodes: metrics.get("Nodes") ?? 0,
    listeners: metrics.get("JSEventListeners") ?? 0,
    heapMb: (metrics.get("JSHeapUsedSize") ?? 0) / 2 ** 20,
  };
}

async function metricsOf(devtools: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return new Map(metrics.map(({ name, value }) => [name, value]));
}
