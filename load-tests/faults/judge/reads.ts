/** Judges reads: no device was told less than before, both agree at the end, and PostgreSQL has the same. */
import { comesTrue } from "../../../shared/until.ts";
import { readPosition } from "../../queries.ts";
import type { Readers } from "../client/readers.ts";

/** The worker writes every five seconds. */
const WRITTEN_WITHIN_MS = 20_000;

/** @returns faults, in words. @param fronts the newest event of each room. */
export async function readFaults(
  readers: Readers,
  databaseUrl: string,
  fronts: ReadonlyMap<string, number>,
): Promise<string[]> {
  const { faults, reads } = await readers.end(fronts);
  for (const [{ id, room }, read] of reads) {
    let written = 0;
    const isWritten = async (): Promise<boolean> => {
      written = await readPosition(databaseUrl, room, id);
      return written === read;
    };
    if (!(await comesTrue(isWritten, { withinMs: WRITTEN_WITHIN_MS, everyMs: 500 })))
      faults.push(
        `PostgreSQL says that a reader of ${room} has read up to ${written}, the devices say ${read}`,
      );
  }
  return faults;
}
