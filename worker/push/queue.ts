/** Puts what people are to hear of beside the events, in the transaction that archives them. Does not send. */
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import type { EventRow } from "../event-row.ts";
import { createPushQueries } from "./push-queries.ts";
import { peopleOf } from "./targets.ts";

/** Only for people who have a subscription. Idempotent for as long as an event may come again. */
export async function queuePushes(
  tx: Transaction,
  rows: readonly (EventRow & { roomId: number })[],
): Promise<void> {
  const concerned = rows.flatMap((row) =>
    peopleOf(row).map((person) => ({ ...row, author: row.userId, ...person })),
  );
  if (concerned.length > 0) await createPushQueries(tx).queue(concerned);
}
