/**
 * Guests who read back, each from its own address, one page after the other. As a worker thread this file is the
 * readers, because the cost of reading must not count as latency of the chat.
 */
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** Times of the pages, ms, in the order of their answers; other answers by status. */
export type ReadCount = { pagesMs: number[]; byStatus: Record<number, number>; wrong: string[] };
/** `pauseMs`: between a page and the next one of a reader. `from` and `to`: between which seqs readers begin. */
export type ReadOrder = {
  url: string;
  room: string;
  from: number;
  to: number;
  readers: number;
  pauseMs: number;
};
type Page = { status: number; retryAfterS: number; body: string };

const LIMIT = 50;
/** After this many pages in a row a reader begins somewhere else. */
const PAGES = 20;

/**
 * Begins at once with the newest page, again and again, because compiling and connecting must not count as time of a
 * page. `count`: from now on readers read back. `stop` resolves with the result, after the last answer.
 */
export function startReaders(order: ReadOrder): { count: () => void; stop: () => Promise<ReadCount> } {
  const thread = new Worker(new URL(import.meta.url), { workerData: order });
  const count = new Promise<ReadCount>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  return {
    count: () => thread.postMessage("count"),
    stop: () => {
      thread.postMessage("stop");
      return count;
    },
  };
}

function getPage(url: string, localAddress: string, agent: Agent): Promise<Page> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, localAddress }, (answer) => {
      let body = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        body += chunk;
      });
      answer.once("error", reject);
      answer.once("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          retryAfterS: Number(answer.headers["retry-after"] ?? 1),
          body,
        }),
      );
    });
    sent.once("error", reject);
    sent.end();
  });
}

const somewhere = ({ from, to }: Pick<ReadOrder, "from" | "to">): number =>
  from + Math.floor(Math.random() * (to - from));
const seqsOf = (body: string): number[] => [...body.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));

async function readBack({ url, room, readers, pauseMs, ...range }: ReadOrder): Promise<ReadCount> {
  const count: ReadCount = { pagesMs: [], byStatus: {}, wrong: [] };
  let [counting, stopping] = [false, false];
  parentPort?.on("message", (order: "count" | "stop") => {
    counting = true;
    stopping = order === "stop";
  });
  const reader = async (index: number): Promise<void> => {
    const localAddress = `127.0.2.${1 + index}`;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let before = somewhere(range);
    const get = (where: string): Promise<Page> =>
      getPage(`${url}/api/rooms/${room}/messages?limit=${LIMIT}${where}`, localAddress, agent);
    while (!counting) {
      await get("");
      await wait(pauseMs);
    }
    // People are not in step: a page would wait for those of all others.
    await wait((pauseMs * index) / readers);
    for (let pages = 0; !stopping; ) {
      const began = performance.now();
      const page = await get(`&before=${before}`);
      count.byStatus[page.status] = (count.byStatus[page.status] ?? 0) + 1;
      if (page.status !== 200) {
        await wait(page.retryAfterS * 1_000);
        continue;
      }
      count.pagesMs.push(performance.now() - began);
      const seqs = seqsOf(page.body);
      const isComplete = seqs.length === LIMIT && seqs.every((seq, at) => seq === before - LIMIT + at);
      if (!isComplete && count.wrong.length < 5)
        count.wrong.push(`before ${before}: ${seqs[0]} to ${seqs.at(-1)}`);
      if (pauseMs > 0) await wait(pauseMs);
      before = ++pages % PAGES === 0 || (seqs[0] ?? 0) <= LIMIT ? somewhere(range) : (seqs[0] ?? 0);
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: readers }, (_, index) => reader(index)));
  parentPort?.unref();
  return count;
}

if (!isMainThread) parentPort?.postMessage(await readBack(workerData as ReadOrder));
