/**
 * Group commit: calls that come together go to Redis as one. A batch takes what came within one turn of the event loop, or
 * while the batch before was under way or after a short pause under load, so batches grow with the load and a single call waits for nothing. Owns the queue, its
 * order and its bounds; its caller owns what a batch is.
 */
import { Unavailable } from "../process/unavailable.ts";

/**
 * A batch costs some fifty microseconds on both sides, however few items it has. So batches of this many items or more begin no faster than
 * one in PAUSE_MS: they become fewer and larger, and a busy cluster keeps some rest for everything else.
 */
const MANY = 3;
const PAUSE_MS = 8;
/** A timer for less would be late by as much. */
const MIN_PAUSE_MS = 0.5;
/** Redis does nothing else during a batch: some ten milliseconds at most. */
const BATCH_ITEMS = 256;
const BATCH_BYTES = 256 * 1024;
/**
 * When the oldest item has waited for so long, Redis or this process takes in less than comes: a new item is refused at once instead of
 * late.
 */
const MAX_WAIT_MS = 1_000;
/** Items that came in one turn of the event loop and are refused beyond this time, because everything else waits for the turn to end. */
const MAX_TURN_MS = 500;
/** A bound of memory: some 10 MB. */
const MAX_WAITING = 8_192;

/** One for all, because an overload is no time to make thousands of errors. */
const OVERLOADED = new Unavailable("too many calls wait for Redis");

type Waiting<Item, Answer> = {
  item: Item;
  bytes: number;
  since: number;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
};

type Options = { maxItems?: number; sheds?: boolean; now?: () => number };

/**
 * @param call gets items in the order in which they came, and answers each: an `Error` rejects its item alone. When it rejects, it
 * rejects all of its items; in an outage also those that wait, because they would wait as long again.
 * @param bytesOf about the size of an item, in bytes.
 * @param options `maxItems` of a batch: fewer where one item takes Redis long. `sheds`: an item that would wait too long is refused at once.
 * @returns a function that adds an item. @throws Unavailable at once for an item that is refused.
 */
export function createGroupCommit<Item, Answer>(
  call: (items: Item[]) => Promise<(Answer | Error)[]>,
  bytesOf: (item: Item) => number,
  { maxItems = BATCH_ITEMS, sheds = false, now = () => performance.now() }: Options = {},
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let isDue = false;
  let isUnderWay = false;
  let begunAt = 0;

  return (item) =>
    new Promise((resolve, reject) => {
      const since = now();
      if (sheds && isOverloaded(since)) return reject(OVERLOADED);
      waiting.push({ item, bytes: bytesOf(item), since, resolve, reject });
      if (isDue || isUnderWay) return;
      isDue = true;
      setImmediate(flush);
    });

  function isOverloaded(time: number): boolean {
    const oldest = waiting[0];
    if (!oldest) return false;
    const patienceMs = isUnderWay ? MAX_WAIT_MS : MAX_TURN_MS;
    return time - oldest.since > patienceMs || waiting.length >= MAX_WAITING;
  }

  function flush(): void {
    isDue = false;
    const batch = takeBatch();
    isUnderWay = true;
    begunAt = now();
    callFor(batch).then(
      (answers) => {
        // The next batch goes first, because Redis would be idle while these answers are handled.
        next(batch.length);
        for (const [index, { resolve, reject }] of batch.entries()) {
          const answer = answers[index];
          if (answer instanceof Error) reject(answer);
          else resolve(answer as Answer);
        }
      },
      (error: unknown) => {
        const failed = error instanceof Unavailable ? batch.concat(waiting) : batch;
        if (failed.length > batch.length) waiting = [];
        next(batch.length);
        for (const { reject } of failed) reject(error);
      },
    );
  }

  /** Never throws at once, because then nobody would answer the items. */
  async function callFor(batch: Waiting<Item, Answer>[]): Promise<(Answer | Error)[]> {
    const answers = await call(batch.map(({ item }) => item));
    if (answers.length === batch.length) return answers;
    throw new Error(`${answers.length} answers for ${batch.length} items`);
  }

  /** @param size of the batch that was answered. */
  function next(size: number): void {
    isUnderWay = false;
    if (waiting.length === 0) return;
    const pauseMs = size < MANY || waiting.length >= maxItems ? 0 : PAUSE_MS - (now() - begunAt);
    if (pauseMs < MIN_PAUSE_MS) flush();
    else {
      isDue = true;
      setTimeout(flush, pauseMs);
    }
  }

  function takeBatch(): Waiting<Item, Answer>[] {
    let count = 0;
    let bytes = 0;
    for (const each of waiting) {
      bytes += each.bytes;
      if (count >= maxItems || (count > 0 && bytes > BATCH_BYTES)) break;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  }
}
