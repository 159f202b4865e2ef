/**
 * `npm run page-flood -- --seconds 15 --slowdown 4 --rate 200`
 * First the time of a first visit, then a flooded room in a page on a slow machine: starts a cluster, a slowed-down Chromium, senders, and a user who taps
 * and types. Measures the longest tasks of the page by a trace, and in the page the time from each tap and key to its
 * paint. Runs at half the rate first. Exit code 1 if the page froze, a tap was slow, memory grew, or a message is
 * missing.
 */
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { shownCheck } from "./checks.ts";
import { addressOf, findCluster } from "./cluster.ts";
import { createDecoder } from "./decode.ts";
import { type Client, openClient } from "./driver.ts";
import { measureFirstVisit } from "./first-visit.ts";
import { openFloodedPage, type PageReport } from "./flooded-page.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import { mintUsers } from "./support/commands.ts";
import { startLocalCluster } from "./support/local-cluster.ts";

const values = optionsOrLeave({ seconds: 15, slowdown: 4, rate: 200 }, { data: undefined });
const ROOM = "lobby";
const SENDERS = 20;
const MAX_TASK_MS = 100;
const MAX_TAP_MS = 200;
const LONG_TASK_MS = 50;
/** The time to fill the page's memory of 500 messages, which does not grow further. */
const WARM_MS = 5_000;
const MAX_GROWTH_MB = 2;
const TICK_MS = 20;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Sends `rate` messages a second, by each sender in turn. `stop` returns their number. */
function flood(clients: readonly Client[], rate: number) {
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * rate;
    while (sent < due) {
      clients[sent % clients.length]?.send(`flood-${rate}-${sent}`, `말이 물처럼 ${sent} 흐른다`);
      sent += 1;
    }
  }, TICK_MS);
  return {
    stop(): number {
      clearInterval(timer);
      return sent;
    },
  };
}

async function measure(url: string, clients: readonly Client[], rate: number): Promise<boolean> {
  const page = await openFloodedPage(url, values.slowdown);
  const flooding = flood(clients, rate);
  await wait(WARM_MS);
  const report = await page.observe(values.seconds * 1_000);
  const sent = flooding.stop();
  const last = `말이 물처럼 ${sent - 1} 흐른다`;
  const isComplete = await page.shows(last);
  const rows = await page.rows();
  await page.close();
  return judge(rate, report, rows, isComplete);
}

function judge(rate: number, report: PageReport, rows: number, isComplete: boolean): boolean {
  const { tasks, tapsMs, heapMb, nodes } = report;
  const max = (values: number[]): number => Math.max(0, ...values);
  const busy = tasks.reduce((sum, { ms }) => sum + ms, 0) / (values.seconds * 10);
  const [first, last] = heapMb;
  const long = tasks.filter(({ ms }) => ms > LONG_TASK_MS).length;
  say(
    `${rate} messages/s, ${values.slowdown}x slower, for ${values.seconds} s: busy ${busy.toFixed(0)} %, ${rows} rows`,
  );
  const checks: [string, boolean][] = [
    [
      `no task takes over ${MAX_TASK_MS} ms of the processor (most ${max(tasks.map(({ cpuMs }) => cpuMs)).toFixed(0)}; by the clock ${max(tasks.map(({ ms }) => ms)).toFixed(0)}, ${long} of ${tasks.length} over ${LONG_TASK_MS})`,
      tasks.length > 0 && max(tasks.map(({ cpuMs }) => cpuMs)) <= MAX_TASK_MS,
    ],
    [
      `each of ${tapsMs.length} taps and keys is answered within ${MAX_TAP_MS} ms (slowest ${max(tapsMs).toFixed(0)})`,
      tapsMs.length > 0 && max(tapsMs) <= MAX_TAP_MS,
    ],
    [
      `memory is flat (${first.toFixed(1)} to ${last.toFixed(1)} MB, ${nodes.join(" to ")} nodes)`,
      last - first <= MAX_GROWTH_MB,
    ],
    ["the last message is on screen", isComplete],
  ];
  for (const [words, holds] of checks) say(shownCheck(words, holds));
  return checks.every(([, holds]) => holds);
}

async function run(data: string | undefined): Promise<boolean> {
  const { url } = await findCluster(data);
  const senders = await mintUsers(data, SENDERS);
  const decode = createDecoder();
  const refused: string[] = [];
  const open = ({ accessToken: token }: { accessToken: string }): Promise<Client> =>
    openClient({
      address: addressOf(url),
      token,
      room: ROOM,
      decode,
      hear: (frame) => void (frame.type === "refused" && refused.push(frame.code)),
      closed: () => undefined,
    });
  for (const slowdown of [1, values.slowdown]) {
    const { paintMs, liveMs } = await measureFirstVisit(url, slowdown);
    say(
      `a first visit, ${slowdown}x slower: first paint after ${paintMs.toFixed(0)} ms, live after ${liveMs.toFixed(0)} ms`,
    );
  }
  const clients = await Promise.all(senders.map(open));
  const results: boolean[] = [];
  for (const rate of [Math.ceil(values.rate / 2), values.rate])
    results.push(await measure(url, clients, rate));
  for (const client of clients) client.close();
  say(shownCheck(`nothing was refused (${[...new Set(refused)].join(" ")})`, refused.length === 0));
  const [minute = 0] = loadavg();
  say(`cluster, senders and browser together on ${describeMachine()}; load average ${minute.toFixed(1)}`);
  return results.every(Boolean) && refused.length === 0;
}

const own = values.data ? undefined : await startLocalCluster();
try {
  process.exitCode = (await run(own?.data ?? values.data)) ? 0 : 1;
} finally {
  await own?.stop();
}
