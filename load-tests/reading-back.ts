/** Reads back for a while, alone or beside people who chat. */
import { setTimeout as wait } from "node:timers/promises";
import type { ChatBeside } from "./chat-beside.ts";
import { type ReadCount, type ReadOrder, startReaders } from "./page-readers.ts";
import { inOrder, quantile, shown } from "./timings.ts";

const SETTLE_MS = 2_000;
/** The time for readers to compile and connect. */
const WARM_MS = 1_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

export async function readFor(order: ReadOrder, ms: number): Promise<ReadCount> {
  const reading = startReaders(order);
  await wait(WARM_MS);
  reading.count();
  await wait(ms);
  return reading.stop();
}

export type Round = { alone: number[]; beside: number[] };

/**
 * The median of the rounds, so that a short disturbance of the machine does not count.
 * @returns the time within which this share of the sends was acknowledged, ms.
 */
export const middleOf = (rounds: Round[], side: keyof Round, share: number): number =>
  quantile(inOrder(rounds.map((round) => quantile(inOrder(round[side]), share))), 0.5);

/** @returns the times of the others' sends without readers and with many of them, in turns, ms. */
export async function besideReaders(
  chat: ChatBeside,
  people: ReadOrder,
  { seconds, rounds: count }: { seconds: number; rounds: number },
  tell: (who: string, read: ReadCount) => void,
): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 1; round <= count; round++) {
    await wait(SETTLE_MS);
    chat.take();
    await wait(seconds * 1_000);
    const alone = chat.take();
    const reading = startReaders({ ...people, pauseMs: 0 });
    await wait(WARM_MS);
    reading.count();
    chat.take();
    await wait(seconds * 1_000);
    const beside = chat.take();
    const read = await reading.stop();
    tell(`round ${round}, ${people.readers} reading`, read);
    say(`  sends alone:  ${shown(alone)}`);
    say(`  sends beside: ${shown(beside)}`);
    rounds.push({ alone, beside });
  }
  return rounds;
}
