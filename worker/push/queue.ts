/** Puts what people are to hear of beside the events, in the transaction that archives them. Does not send. */
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import type { EventRow } from "../event-row.ts";
import { createPushQueries } from "./push-queries.ts";
import { isUuid, peopleOf } from "./targets.ts";

/** Messages of a room that one batch counts, because each is looked at for each person who hears of all of it. */
const MAX_OF_ROOM = 20;

/**
 * Only for people who have a subscription. Idempotent for as long as an event may come again.
 * @param isHeard whether somebody may want everything of a room, so that all other rooms cost no statement.
 */
export async function queuePushes(
  tx: Transaction,
  rows: readonly (EventRow & { roomId: number })[],
  isHeard: (room: string) => boolean,
): Promise<void> {
  const concerned = rows.flatMap((row) =>
    peopleOf(row).map((person) => ({ ...row, author: row.userId, ...person })),
  );
  const { queue, queueRooms } = createPushQueries(tx);
  if (concerned.length > 0) await queue(concerned);
  const said = newestOfRooms(rows.filter(({ room }) => isHeard(room)));
  if (said.length > 0) await queueRooms(said);
}

function newestOfRooms(rows: readonly (EventRow & { roomId: number })[]) {
  const said = rows.flatMap(({ kind, deleted, userId, ...row }) =>
    kind === "message" && !deleted && isUuid(userId) ? [{ ...row, author: userId }] : [],
  );
  const byRoom = Map.groupBy(said, ({ roomId }) => roomId);
  return [...byRoom.values()].flatMap((ofRoom) =>
    ofRoom.toSorted((a, b) => a.seq - b.seq).slice(-MAX_OF_ROOM),
  );
}
