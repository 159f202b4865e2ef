/** One page of a real Chromium, slowed down and watched while somebody uses it: a trace, how long taps and keys wait, its memory. */
import { setTimeout as wait } from "node:timers/promises";
import type { CDPSession, Page } from "playwright-core";
import { openChromium, signUp } from "./chromium.ts";

const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline"];
const BETWEEN_TAPS_MS = 200;
/** Shorter than this no browser tells of an event. */
const MIN_REPORTED_MS = 16;

/**
 * Runs in the page: how long each tap took that the browser tells of, and each key until the frame that it changed was painted. What Chromium
 * tells of keys does not hold: behind a popover that was closed by a tap it takes each for as long as it is until the next tap, minutes on an idle page.
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

/** A task of the page's main thread: `ms` by the clock, `cpuMs` of the processor, the slow-down included in both. */
export type Task = { ms: number; cpuMs: number };
export type PageReport = {
  tasks: Task[];
  /** From each tap and key to the paint of what it changed; those under 16 ms count as 16. */
  tapsMs: number[];
  /** After a collection of garbage: at first and at last. */
  heapMb: [number, number];
  nodes: [number, number];
};

export type FloodedPage = Awaited<ReturnType<typeof openFloodedPage>>;

/** @returns a page of somebody who has just signed up. @throws Error when there is no Chromium. */
export async function openFloodedPage(url: string, slowdown: number) {
  const { browser, page } = await openChromium();
  await page.goto(url);
  await signUp(page);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const timings = await page.evaluateHandle<number[]>(LISTEN);

  return {
    /** Taps and types for so long, and tells what that was like. */
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
    /** @returns whether a message of exactly this text comes to be seen. */
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

/** Opens and closes the connection's details, writes a letter and takes it back. @returns how many taps and keys that were. */
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

/** Those of the main thread of the busiest page: the browser has others that nobody looks at. */
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
