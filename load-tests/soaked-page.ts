/**
 * A page that stays open, in a real Chromium with a clock that can be advanced and a connection that can be cut. Uses
 * rooms and dialogs, and measures the memory of the page.
 */
import type { CDPSession, Page } from "playwright-core";
import { until } from "../shared/until.ts";
import { openChromium, signUp } from "./chromium.ts";

/** Runs before the page: advances its clock by `soak.ahead` ms, and keeps its newest WebSocket in `soak.line`. */
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
/** Several collections, because some garbage is only found after other garbage is gone. */
const COLLECTIONS = 4;

/** The memory of a page after a garbage collection. */
export type Held = { nodes: number; listeners: number; heapMb: number };
/** The time used by the page's main thread since it was opened, ms. */
export type Busy = { taskMs: number; scriptMs: number };

export type SoakedPage = Awaited<ReturnType<typeof openSoakedPage>>;

/** Opens a page of a new user in the lobby; each act ends there. @param other a room to change to. */
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
    /** Uncaught errors. */
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
    /** Uses everything once: rooms, dialogs, a lost connection, days that pass. */
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

/** Opens the dialogs of the account and of a new room, the details of the connection, and the actions of a message. */
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

const RECONNECTED_WITHIN_MS = 30_000;

async function loseLine(page: Page): Promise<void> {
  await page.evaluate("soak.lost = soak.line; soak.line.close()");
  // The page may be live again before anybody sees that it was not.
  const isBack = (): Promise<boolean> => page.evaluate<boolean>("soak.line !== soak.lost");
  await until("the page opens another connection", isBack, { withinMs: RECONNECTED_WITHIN_MS });
  await isReady(page);
}

/** Advances the clock by days, like a machine that slept, and makes the page visible again. */
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
