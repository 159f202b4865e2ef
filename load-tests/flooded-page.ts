/** One page of a slowed-down Chromium, measured during use: a trace, the latency of taps and keys, the memory. */
import { setTimeout as wait } from "node:timers/promises";
import type { CDPSession, Page } from "playwright-core";
import { openChromium, signUp } from "./chromium.ts";

const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"];
const BETWEEN_TAPS_MS = 200;
/** Browsers report no event shorter than this. */
const MIN_REPORTED_MS = 16;

/**
 * Runs in the page. Measures each tap that the browser reports, and each key until its frame is painted. Chromium's own
 * report of keys is wrong: after a tap closed a popover, each key lasts until the next tap, minutes on an idle page.
 */
const LISTEN = `(() => {
  const took = [];
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === "click") took.push(duration);
  }).observe({ type: "event", durationThreshold: ${MIN_REPORTED_MS} });
  addEventListener("keydown", ({ timeStamp }) => {
    requestAnimationFrame(() => setTimeout(() => took.push(performance.now() - timeStamp)));
  }, true);
  return took;
})()`;

/** A task of the page's main thread: `ms`: wall time, `cpuMs`: processor time, both with the slow-down. */
export type Task = { ms: number; cpuMs: number };
export type PageReport = {
  tasks: Task[];
  /** The time from each tap and key to the paint of its change; at least 16 ms. */
  tapsMs: number[];
  /** After a garbage collection, at the beginning and at the end. */
  heapMb: [number, number];
  nodes: [number, number];
};

export type FloodedPage = Awaited<ReturnType<typeof openFloodedPage>>;

/** @returns a page of a new user. @throws Error if Chromium is not installed. */
export async function openFloodedPage(url: string, slowdown: number) {
  const { browser, page } = await openChromium();
  await page.goto(url);
  await signUp(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const timings = await page.evaluateHandle<number[]>(LISTEN);

  return {
    /** Taps and types for this time, and returns the measurements. */
    async observe(ms: number): Promise<PageReport> {
      const before = await memoryOf(devtools);
      await timings.evaluate((events) => events.splice(0));
      await browser.startTracing(page, { categories: CATEGORIES });
      const done = await usePage(page, ms);
      const trace = JSON.parse((await browser.stopTracing()).toString("utf8"));
      const slow = await timings.evaluate((events) => [...events]);
      const after = await memoryOf(devtools);
      const quick = Array.from({ length: Math.max(0, done - slow.length) }, () => MIN_REPORTED_MS);
      return {
        tasks: tasksIn(trace.traceEvents),
        tapsMs: [...slow, ...quick],
        heapMb: [before.heapMb, after.heapMb],
        nodes: [before.nodes, after.nodes],
      };
    },
    /** @returns whether a message of exactly this text appears. */
    async shows(text: string): Promise<boolean> {
      const bubble = page.locator(".bubble").getByText(text, { exact: true });
      return await bubble.waitFor({ timeout: 20_000 }).then(
        () => true,
        () => false,
      );
    },
    rows: () => page.locator(".rows > li").count(),
    close: () => browser.close(),
  };
}

/** Opens and closes the connection's details, types a letter and deletes it. @returns the number of taps and keys. */
async function usePage(page: Page, ms: number): Promise<number> {
  const [pill, field] = [await middleOf(page, ".pill"), await middleOf(page, "#message")];
  const acts = [
    () => page.mouse.click(...pill),
    () => page.mouse.click(...field),
    () => page.keyboard.press("a"),
    () => page.keyboard.press("Backspace"),
  ];
  const end = performance.now() + ms;
  let done = 0;
  while (performance.now() < end) {
    for (const act of acts) {
      await act();
      await wait(BETWEEN_TAPS_MS);
    }
    done += acts.length;
  }
  return done;
}

async function middleOf(page: Page, selector: string): Promise<[number, number]> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`nothing to tap: ${selector}`);
  return [box.x + box.width / 2, box.y + box.height / 2];
}

async function memoryOf(devtools: CDPSession): Promise<{ heapMb: number; nodes: number }> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const { nodes } = await devtools.send("Memory.getDOMCounters");
  return { heapMb: usedSize / 2 ** 20, nodes };
}

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: unknown;
};

/** @returns the tasks of the main thread of the busiest page, because the browser has hidden pages too. */
function tasksIn(events: readonly TraceEvent[]): Task[] {
  const main = events.filter(
    ({ name, args }) => name === "thread_name" && JSON.stringify(args).includes("CrRendererMain"),
  );
  const byThread = main.map(({ pid, tid }) =>
    events
      .filter((event) => event.name === "RunTask" && event.pid === pid && event.tid === tid)
      .map(({ dur = 0, tdur = 0 }) => ({ ms: dur / 1_000, cpuMs: tdur / 1_000 })),
  );
  return byThread.reduce((busiest, tasks) => (tasks.length > busiest.length ? tasks : busiest), []);
}
