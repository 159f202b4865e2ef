/**
 * Log-ins over HTTP. As a worker thread this file is the flood: many simultaneous log-ins of unknown users, repeated. A
 * separate thread, because the cost of the requests must not count as latency of the chat.
 */
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

export type Person = { email: string; password: string };
export type Answered = { status: number; retryAfterS: number | undefined };
/** Answers by status, and refusals without Retry-After. */
export type FloodCount = { byStatus: Record<number, number>; silent: number };

type FloodOrder = { url: string; logins: number };

/** The time from an answer to the attacker's next try. */
const PAUSE_MS = 1_000;
const PASSWORD = "the right password";

/** @throws Error when there was no answer. */
export function post(url: string, path: string, body: object, agent?: Agent): Promise<Answered> {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      { method: "POST", headers, ...(agent ? { agent } : {}) },
      (answer) => {
        const retryAfter = answer.headers["retry-after"];
        answer.resume();
        answer.once("error", reject);
        answer.once("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            retryAfterS: retryAfter ? Number(retryAfter) : undefined,
          }),
        );
      },
    );
    sent.once("error", reject);
    sent.end(text);
  });
}

/** Accounts with a password, made one after the other. */
export async function signUp(url: string, count: number): Promise<Person[]> {
  const call = randomBytes(4).toString("hex");
  const people: Person[] = [];
  for (let n = 0; n < count; n++) {
    const person = { email: `${call}-${n}@example.com`, password: PASSWORD };
    const { status } = await post(url, "/api/signup", { ...person, nickname: `flood-${call}-${n}` });
    if (status !== 201) throw new Error(`signing up answered ${status}`);
    people.push(person);
  }
  return people;
}

/** Retries until the log-in succeeds, after the requested wait each time. @returns the total time, ms. */
export async function logInAtLast(url: string, person: Person): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { status, retryAfterS } = await post(url, "/api/login", person);
    if (status === 200) return performance.now() - began;
    if (status !== 429) throw new Error(`logging in answered ${status}`);
    await wait((retryAfterS ?? 1) * 1_000);
  }
}

/** Begins at once. `stop` resolves with the answers, after the last log-in is answered. */
export function startFlood(order: FloodOrder): { stop: () => Promise<FloodCount> } {
  const thread = new Worker(new URL(import.meta.url), { workerData: order });
  const count = new Promise<FloodCount>((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  return {
    stop: () => {
      thread.postMessage("stop");
      return count;
    },
  };
}

async function flood({ url, logins }: FloodOrder): Promise<FloodCount> {
  const count: FloodCount = { byStatus: {}, silent: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: logins });
  let stopping = false;
  parentPort?.once("message", () => {
    stopping = true;
  });
  const attacker = async (index: number): Promise<void> => {
    while (!stopping) {
      const nobody = { email: `flood-${index}@example.com`, password: "a wrong password" };
      const { status, retryAfterS } = await post(url, "/api/login", nobody, agent);
      count.byStatus[status] = (count.byStatus[status] ?? 0) + 1;
      if (status === 429 && retryAfterS === undefined) count.silent += 1;
      await wait(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: logins }, (_, index) => attacker(index)));
  agent.destroy();
  return count;
}

if (!isMainThread) parentPort?.postMessage(await flood(workerData as FloodOrder));
