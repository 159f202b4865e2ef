/** An archive to search in: rooms of three sizes, thirty days, texts of Korean and English words. */
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { createSearchPriceQueries } from "./search-price-queries.ts";

const DAY_MS = 86_400_000;
/** The shares of the big room and the small one; the others share the rest. */
const BIG = 0.4;
const SMALL = 0.001;
const OTHERS = 18;
export const ROOMS = { big: "big", small: "small" } as const;
export type RoomSeqs = Record<keyof typeof ROOMS, number>;
/** Said once in so many messages, each of them. */
const RARE_EVERY = 50_000;
export const RARE = ["바늘구멍", "needlework"];

const FREQUENT =
  "the 오늘 you ㅋㅋㅋ 진짜 is 그냥 to 너무 and 하늘 저도 what 근데 lol 방송 이거 not 좋아요 that 내일 여기 good 노래 today 저녁 like 같이 who 아니 now 하늘이 맞아요 music 우리 show".split(
    " ",
  );
const SYLLABLES = [
  ..."가나다라마바사아자차카타파하고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후기니디리미비시이지치키티피히은는을를한할했습인임",
];
const PARTS =
  "an ber con der el fin gar hol in ju kel lo mar nor ol per qui ran sto ter un ver win yo zen".split(" ");
const VOCABULARY = 6_000;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The frequent words, then many that are not. The same every time. */
function vocabulary(): string[] {
  let state = 1;
  const pick = <T>(of: readonly T[]): T => {
    state = (state * 48_271) % 2_147_483_647;
    return of[state % of.length] as T;
  };
  const make = (n: number): string =>
    Array.from({ length: 2 + (n % 2) }, () => pick<string>(n % 3 === 0 ? PARTS : SYLLABLES)).join("");
  return [...FREQUENT, ...Array.from({ length: VOCABULARY - FREQUENT.length }, (_, n) => make(n))];
}

/** @returns the seqs of each room. Its last day is today. */
export async function fillArchive(
  sql: Sql,
  { rows, days, now }: { rows: number; days: number; now: number },
  addDay: (day: string) => Promise<void>,
): Promise<RoomSeqs> {
  const { addRooms, fill, settle } = createSearchPriceQueries(sql);
  const words = vocabulary();
  const others = Array.from({ length: OTHERS }, (_, n) => `other-${n}`);
  await addRooms([ROOMS.big, ROOMS.small, ...others]);
  const daily = rows / days;
  const counts = new Map<string, number>([
    [ROOMS.big, Math.round(daily * BIG)],
    [ROOMS.small, Math.round(daily * SMALL)],
    ...others.map((name): [string, number] => [name, Math.round((daily * (1 - BIG - SMALL)) / OTHERS)]),
  ]);
  for (let n = 0; n < days; n++) {
    const day = dayOf(now - (days - 1 - n) * DAY_MS);
    await addDay(day);
    for (const [room, count] of counts)
      await fill({ room, day, first: 1 + n * count, count }, words, { words: RARE, every: RARE_EVERY });
  }
  await settle();
  return { big: days * (counts.get(ROOMS.big) ?? 0), small: days * (counts.get(ROOMS.small) ?? 0) };
}
