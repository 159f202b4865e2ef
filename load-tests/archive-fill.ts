/** An archive of years, made in PostgreSQL itself: one large room with two fifths of all rows, nineteen small ones. */
import { fillDay, findLastSeq, finishArchive, openFill } from "./queries.ts";

export type Filled = { room: string; rows: number };

const DAY_MS = 86_400_000;
const SMALL_ROOMS = 19;
const LARGE_SHARE = 0.4;
const TELL_MS = 5_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Fills it, unless it is there from before. @returns the large room, and how many messages it has: seqs from 1 on. */
export async function fillArchive(
  databaseUrl: string,
  { days, rows }: { days: number; rows: number },
  say: (line: string) => void,
): Promise<Filled> {
  const room = "archive";
  const large = Math.round((rows * LARGE_SHARE) / days);
  const small = Math.round((rows * (1 - LARGE_SHARE)) / days / SMALL_ROOMS);
  const sizes = [{ room, each: large }];
  for (let n = 1; n <= SMALL_ROOMS; n++) sizes.push({ room: `archive-${n}`, each: small });
  const present = await findLastSeq(databaseUrl, room);
  if (present > 0) return { room, rows: present };
  const sql = await openFill(
    databaseUrl,
    sizes.map(({ room: name }) => name),
  );
  const today = Date.parse(dayOf(Date.now()));
  const began = performance.now();
  let reportedAt = began;
  for (let index = 0; index < days; index++) {
    const day = dayOf(today - (days - index) * DAY_MS);
    await fillDay(sql, { day, next: dayOf(Date.parse(day) + DAY_MS), index, sizes });
    if (performance.now() - reportedAt < TELL_MS && index < days - 1) continue;
    reportedAt = performance.now();
    say(`filled ${index + 1} of ${days} days after ${((reportedAt - began) / 1_000).toFixed(0)} s`);
  }
  await finishArchive(sql, days, sizes);
  return { room, rows: large * days };
}
