/**
 * Takes records of the topic of commands and answers each of them: one at a time, in the order of its partition. No record
 * keeps the next one from its turn.
 */

import type { Answer } from "../../shared/kafka-commands.ts";
import type { StoredRecord } from "../../shared/server/kafka/records.ts";
import type { CommandKey } from "../../shared/server/process/kafka-settings.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import type { Answered, CommandStore } from "./command-store.ts";
import { receive } from "./receive.ts";
import type { Settle } from "./settle.ts";

export type TakeDeps = {
  keys: readonly CommandKey[];
  store: Pick<CommandStore, "answer">;
  settle: Settle;
  /** Told of each answer that was written. */
  onAnswer: (answer: Answer) => void;
  onInternalError: ReportInternalError;
  now?: () => number;
};

/** Refusals that need no work are written together, so that a flood of them costs little, and lets others have a turn. */
const AT_ONCE = 100;

/** @param offsets the next offset of each partition, as PostgreSQL has it; kept up to date. */
export function createTake(
  { keys, store, settle, onAnswer, onInternalError, now = Date.now }: TakeDeps,
  offsets: Map<number, bigint>,
) {
  /**
   * @param records of one partition.
   * @throws Unavailable when it is not known how far they were answered: to be read again from the stored offsets.
   */
  return async (records: readonly StoredRecord[], signal: AbortSignal): Promise<void> => {
    let waiting: Answered[] = [];
    let last: StoredRecord | undefined;
    for (const record of records) {
      if (signal.aborted) return;
      const received = receive(record, keys, now());
      if (received.ok) {
        await flush();
        const answered = await settle(received, signal);
        if (!answered) return;
        waiting.push(answered);
      } else waiting.push({ answer: received.answer });
      last = record;
      if (received.ok || waiting.length === AT_ONCE) await flush();
    }
    await flush();

    async function flush(): Promise<void> {
      if (!last || waiting.length === 0) return;
      const { partition, offset } = last;
      const progress = { partition, from: offsets.get(partition), next: offset + 1n };
      const written = await write(waiting, progress);
      offsets.set(partition, progress.next);
      for (const { answer } of written) onAnswer(answer);
      waiting = [];
    }
  };

  /** An answer that PostgreSQL does not take is a bug, which must not stand before all later commands. */
  async function write(
    answered: Answered[],
    progress: Parameters<CommandStore["answer"]>[1],
  ): Promise<Answered[]> {
    try {
      await store.answer(answered, progress);
      return answered;
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      onInternalError(error, "task", { partition: String(progress.partition), next: String(progress.next) });
      const plain = answered.map(({ answer: { record } }) => ({ answer: unanswerable(record) }));
      await store.answer(plain, progress);
      return plain;
    }
  }
}

const unanswerable = (record: string): Answer => ({
  ...{ record, ok: false, code: "internal" },
  detail: "its answer could not be written",
});
