/** Removes at once the rest of rooms that were closed. */
import { emptyClosedRooms } from "../closed-rooms.ts";
import { createProgress } from "../progress.ts";
import type { TestEnvironment } from "./test-environment.ts";

/** Repeats the pieces of the worker until nothing is left. */
export async function emptyClosed({
  scripts,
  deps: { database, log },
}: Pick<TestEnvironment, "scripts" | "deps">): Promise<void> {
  const closed = { scripts, database, limitMs: 5_000, log, progress: createProgress(log) };
  while (await emptyClosedRooms(closed));
}
