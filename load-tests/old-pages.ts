/**
 * `npm run old-pages -- --days 1100 --rows 5000000 --readers 48`
 * Uses an archive of years in a new cluster, or in the one of `--data DIR`, where it stays for another run. Measures
 * the time of a page in the middle for one reader, for eight and for many, and the effect of many readers on the chat
 * of others. Exit code 1 if a page is slow or wrong, or the chat is disturbed.
 */
import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { fillArchive } from "./archive-fill.ts";
import { openChat } from "./chat-beside.ts";
import { DISTURBED, shownCheck } from "./checks.ts";
import { findCluster } from "./cluster.ts";
import { describeMachine } from "./machine.ts";
import { optionsOrLeave } from "./options.ts";
import type { ReadCount } from "./page-readers.ts";
import { besideReaders, middleOf, readFor } from "./reading-back.ts";
import { startLocalCluster } from "./support/local-cluster.ts";
import { inOrder, quantile, shown } from "./timings.ts";

const values = optionsOrLeave(
  { days: 1_100, rows: 5_000_000, readers: 48, rate: 20, seconds: 10, rounds: 5 },
  { data: undefined },
);
const PAGE_P95_MS = 20;
/** The pause of one or eight readers, who read like people, only faster. Many readers have no pause. */
const PAUSE_MS = 250;
const SETTLE_MS = 2_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function measure(data: string | undefined): Promise<boolean> {
  const [seconds, readers] = [values.seconds, values.readers];
  const { url } = await findCluster(data);
  const loadBefore = loadavg();
  const { room, rows } = await fillArchive(data, { days: values.days, rows: values.rows }, say);
  const checks: [string, boolean][] = [];
  const judge = (words: string, holds: boolean): void => void checks.push([words, holds]);
  const tell = (who: string, { pagesMs, byStatus, wrong }: ReadCount): void => {
    say(`${who}: ${shown(pagesMs)}; answers ${JSON.stringify(byStatus)}`);
    judge(`${who}: every page is whole (${wrong.join("; ") || "none wrong"})`, wrong.length === 0);
  };
  const people = { url, room, from: 2_000, to: rows - 2_000, pauseMs: PAUSE_MS };
  await readFor({ ...people, readers: 3 }, SETTLE_MS);
  for (const few of [1, 8]) {
    const read = await readFor({ ...people, readers: few }, seconds * 1_000);
    tell(`${few} reading`, read);
    const others = Object.keys(read.byStatus).filter((status) => status !== "200");
    judge(`${few} reading: nothing but pages`, others.length === 0);
    if (few === 1)
      judge(
        `a page in the middle: p95 at most ${PAGE_P95_MS} ms`,
        quantile(inOrder(read.pagesMs), 0.95) <= PAGE_P95_MS,
      );
  }

  const chat = await openChat(data, values.rate);
  const rounds = await besideReaders(chat, { ...people, readers }, values, tell);
  chat.stop();
  await wait(SETTLE_MS);
  judge(
    `every send was acknowledged (${chat.unanswered()} were not; refused: ${chat.refused.join(" ") || "none"})`,
    chat.unanswered() + chat.refused.length === 0,
  );
  chat.close();
  for (const share of [0.5, 0.95]) {
    const [alone, beside] = [middleOf(rounds, "alone", share), middleOf(rounds, "beside", share)];
    judge(
      `${readers} reading change the others' sends at p${share * 100} by at most 20 % (${alone.toFixed(1)} to ${beside.toFixed(1)} ms)`,
      beside <= alone * DISTURBED,
    );
  }
  for (const [words, holds] of checks) say(shownCheck(words, holds));
  const load = [loadBefore, loadavg()].map(([minute = 0]) => minute.toFixed(1)).join(" to ");
  say(`cluster and generator together on ${describeMachine()}; load average ${load}`);
  return checks.every(([, holds]) => holds);
}

const own = values.data ? undefined : await startLocalCluster();
try {
  process.exitCode = (await measure(own?.data ?? values.data)) ? 0 : 1;
} finally {
  await own?.stop();
}
