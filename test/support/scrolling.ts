/** Scrolls a page as people do, and measures the requests of each act and jumps of the visible rows. */
import { setTimeout as wait } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { until } from "../../shared/until.ts";

/** The tests are compiled without the browser's types. */
type PageElement = Parameters<Extract<Parameters<Locator["evaluate"]>[0], (...args: never[]) => unknown>>[0];

/** After this time without movement an act and its effects are over, ms. */
const QUIET_MS = 350;
const MIDDLE = { x: 600, y: 350 };

/** Delays history by `slowMs` from now on. A negative distance scrolls up, px. */
export async function watchScrolling(page: Page, slowMs: number) {
  const devtools = await page.context().newCDPSession(page);
  const log = page.locator(".log");
  let asked = 0;
  let onTheWay = 0;
  let answeredAt = 0;
  await page.route(/\/messages\?/, async (route) => {
    asked += 1;
    onTheWay += 1;
    const response = await route.fetch();
    await wait(slowMs);
    await route.fulfill({ response });
    onTheWay -= 1;
    answeredAt = performance.now();
  });
  const watch = await log.evaluateHandle(watchJumps);

  return {
    /** History requests so far. */
    asked: () => asked,
    /** Scrolls, and waits until nothing moves. @returns the number of requested pages of history. */
    async act(scroll: () => Promise<unknown>): Promise<number> {
      const before = asked;
      await scroll();
      await until("nothing moves", async () => onTheWay === 0 && (await stillFor()) > QUIET_MS, {
        withinMs: 30_000,
      });
      return asked - before;
    },
    /** The largest movement of a visible row by a change of the list while the reader stood still, px. */
    largestJump: () => watch.evaluate(({ jump }) => jump),
    wheel: (px: number) => async () => {
      await page.mouse.move(MIDDLE.x, MIDDLE.y);
      await page.mouse.wheel(0, px);
    },
    /** A flick: the momentum continues after the finger has left. */
    finger: (px: number) => () =>
      devtools.send("Input.synthesizeScrollGesture", {
        ...MIDDLE,
        yDistance: -px,
        speed: 6_000,
        preventFling: false,
        gestureSourceType: "touch",
      }),
    key: (key: string) => async () => {
      await log.focus();
      await page.keyboard.press(key);
    },
    script: (to: "top" | "bottom") => () =>
      log.evaluate((box, top) => {
        box.scrollTop = top ? 0 : box.scrollHeight;
      }, to === "top"),
  };

  async function stillFor(): Promise<number> {
    const sinceAnswer = performance.now() - answeredAt;
    const sinceChange = await watch.evaluate(({ changedAt }) => performance.now() - changedAt);
    return Math.min(sinceAnswer, sinceChange);
  }
}

/** Runs in the page. Records positions after a scroll, and compares them when rows are added or removed. */
export function watchJumps(log: PageElement) {
  const watch = { jump: 0, changedAt: performance.now() };
  const view = log.ownerDocument.defaultView;
  const topOf = (element: PageElement): number => element.getBoundingClientRect().top;
  let seen = look();
  log.addEventListener("scroll", changed);
  new view.MutationObserver(() => {
    if (log.ownerDocument.querySelector(".to-newest")) {
      for (const [bubble, top] of seen) {
        if (bubble.isConnected) watch.jump = Math.max(watch.jump, Math.abs(topOf(bubble) - top));
      }
    }
    changed();
  }).observe(log, { childList: true, subtree: true });
  return watch;

  function changed() {
    watch.changedAt = performance.now();
    seen = look();
  }

  function look(): Map<PageElement, number> {
    const [from, to] = [topOf(log), log.getBoundingClientRect().bottom];
    const bubbles = [...log.querySelectorAll(".bubble")].map((bubble): [PageElement, number] => [
      bubble,
      topOf(bubble),
    ]);
    return new Map(
      bubbles.filter(([bubble, top]) => top < to && bubble.getBoundingClientRect().bottom > from),
    );
  }
}
