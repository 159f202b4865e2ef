/**
 * Works out how names look that were given before this was looked at, by older rules, or by gateways of an older
 * release. Piece by piece, while people sign up and rename themselves.
 */
import { nicknameKeys, SKELETON_VERSION } from "../shared/server/identity/nickname-keys.ts";
import { PostgresError, SQLSTATE, type Sql, type Transaction } from "../shared/server/postgres/pool.ts";
import { holdOutdated, setLooks } from "./nickname-queries.ts";

/** Few enough that a sign-up which waits for a piece waits milliseconds. */
const PIECE = 500;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** Safe to repeat, to race, and to stop between two pieces. @returns how many names were completed. */
export async function completeNicknames(sql: Sql, signal?: AbortSignal): Promise<number> {
  let completed = 0;
  let size = PIECE;
  let after: string | null = FIRST;
  while (after !== null && !signal?.aborted) {
    const from: string = after;
    const piece = await unlessGivenAway(() => sql.begin((tx) => completePiece(tx, from, size)));
    // A look was given away meanwhile: again, in smaller pieces. One of a single name sees who has it now.
    if (piece === "given away") size = Math.max(1, size >> 3);
    else {
      completed += piece.completed;
      after = piece.last;
      size = Math.min(PIECE, size * 2);
    }
  }
  return completed;
}

type Piece = { completed: number; last: string | null };

async function completePiece(tx: Transaction, after: string, size: number): Promise<Piece> {
  const users = await holdOutdated(tx, SKELETON_VERSION, after, size);
  if (users.length === 0) return { completed: 0, last: null };
  const looks = users.map(({ id, nickname }) => ({ id, skeleton: nicknameKeys(nickname).skeleton }));
  return { completed: await setLooks(tx, looks), last: users.at(-1)?.id ?? null };
}

async function unlessGivenAway<T>(work: () => Promise<T>): Promise<T | "given away"> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PostgresError && error.code === SQLSTATE.uniqueViolation) return "given away";
    throw error;
  }
}
