/**
 * Computes the skeletons of nicknames that have none or one by older rules, because they are older than the rules or were given by
 * gateways of an older release. Works in pieces, while people sign up and change their names.
 */
import { nicknameKeys, SKELETON_VERSION } from "../shared/server/identity/nickname-keys.ts";
import { PostgresError, SQLSTATE, type Sql, type Transaction } from "../shared/server/postgres/pool.ts";
import { createNicknameQueries } from "./nickname-queries.ts";

/** Users per piece: few enough that a sign-up waits only milliseconds for one. */
const PIECE = 500;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** Idempotent, and safe to race and to stop between two pieces. @returns the number of names that got a skeleton. */
export async function completeNicknames(sql: Sql, signal?: AbortSignal): Promise<number> {
  let completed = 0;
  let size = PIECE;
  let after: string | undefined = FIRST;
  while (after !== undefined && !signal?.aborted) {
    const from: string = after;
    const piece = await unlessGivenAway(() => sql.begin((tx) => completePiece(tx, from, size)));
    // Another transaction took a skeleton meanwhile: retries with smaller pieces, because a piece of one name cannot fail twice so.
    if (piece === "given away") size = Math.max(1, size >> 3);
    else {
      completed += piece.completed;
      after = piece.last;
      size = Math.min(PIECE, size * 2);
    }
  }
  return completed;
}

type Piece = { completed: number; last: string | undefined };

async function completePiece(tx: Transaction, after: string, size: number): Promise<Piece> {
  const { holdOutdated, setLooks } = createNicknameQueries(tx);
  const users = await holdOutdated(SKELETON_VERSION, after, size);
  if (users.length === 0) return { completed: 0, last: undefined };
  const looks = users.map(({ id, nickname }) => ({ id, skeleton: nicknameKeys(nickname).skeleton }));
  return { completed: await setLooks(looks), last: users.at(-1)?.id };
}

async function unlessGivenAway<T>(work: () => Promise<T>): Promise<T | "given away"> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PostgresError && error.code === SQLSTATE.uniqueViolation) return "given away";
    throw error;
  }
}
