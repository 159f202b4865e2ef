/** The time that a first visit takes: an empty cache, no account, and an empty room. */
import { openChromium } from "./chromium.ts";

/** Times from the entering of the address on, ms. `paintMs`: something of the page is on screen. `liveMs`: it is connected and shows its room. */
export type FirstVisit = { paintMs: number; liveMs: number };

/** Runs in the page. */
const PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";

/** @param slowdown of the processor, as a factor. @throws Error if Chromium is not installed. */
export async function measureFirstVisit(url: string, slowdown: number): Promise<FirstVisit> {
  const { browser, page } = await openChromium();
  try {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.goto(url);
    await page.locator("[data-connection=live]").waitFor();
    const liveMs = await page.evaluate(() => performance.now());
    await page.waitForFunction(`${PAINTED} !== undefined`);
    return { paintMs: await page.evaluate<number>(PAINTED), liveMs };
  } finally {
    await browser.close();
  }
}
