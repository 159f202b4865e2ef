/**
 * `node load-tests/archive-fixture.ts --rows 5000000 --days 1100 --rooms 20 --big 2000000 --until 2026-11-28` Prints an
 * archive for `npm run import`. The same options give the same lines. One room is big, the others share the rest; every
 * day has the same number of lines, ordered by time.
 */
import { parseArgs } from "node:util";

export type Fixture = { rows: number; days: number; rooms: number; big: number; until: string };

export const BIG_ROOM = "archive";
const DAY_MS = 86_400_000;
const AUTHORS = 500;
const CHUNK_BYTES = 1 << 16;
const WORDS =
  "the of and a room said that it was here 수다 를 떨었다 좋아요 ㅋㅋ tomorrow again maybe yes no please look this".split(
    " ",
  );

/** A pseudo-random number for the row (xorshift). */
function scramble(n: number): number {
  let x = (n + 0x9e3779b9) | 0;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}

function textOf(n: number): string {
  const words = Array.from(
    { length: 3 + (scramble(n) % 9) },
    (_, at) => WORDS[scramble(n * 31 + at) % WORDS.length],
  );
  return `${words.join(" ")} ${n}`;
}

/** @returns how many of `total` fall on the days before `day`, so that all days together have all of them. */
const upTo = (total: number, day: number, days: number): number => Math.floor((total * day) / days);

/** @returns the lines, in batches. */
export function* fixtureLines({ rows, days, rooms, big, until }: Fixture): Generator<string> {
  const others = Math.max(0, rooms - 1);
  const small = rows - big;
  const first = Date.parse(until) - (days - 1) * DAY_MS;
  let text = "";
  let number = 0;
  for (let day = 0; day < days; day++) {
    const ofBig = upTo(big, day + 1, days) - upTo(big, day, days);
    const ofSmall = upTo(small, day + 1, days) - upTo(small, day, days);
    const count = ofBig + ofSmall;
    for (let n = 0; n < count; n++, number++) {
      // Spreads the big room evenly among the others, at any ratio.
      const isBig = Math.floor(((n + 1) * ofBig) / count) > Math.floor((n * ofBig) / count);
      const room = isBig || others === 0 ? BIG_ROOM : `${BIG_ROOM}-${1 + (number % others)}`;
      const at = first + day * DAY_MS + Math.floor((n * (DAY_MS - 1_000)) / count);
      const deleted = scramble(number) % 997 === 0;
      const said = deleted ? `"deleted":true` : `"text":${JSON.stringify(textOf(number))}`;
      text += `{"room":"${room}","at":${at},"user":{"nickname":"f${scramble(number * 7) % AUTHORS}"},${said}}\n`;
      if (text.length >= CHUNK_BYTES) {
        yield text;
        text = "";
      }
    }
  }
  if (text !== "") yield text;
}

async function main(): Promise<void> {
  const day = { type: "string", default: new Date(Date.now() - DAY_MS).toISOString().slice(0, 10) } as const;
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "5000000" },
      days: { type: "string", default: "1100" },
      rooms: { type: "string", default: "20" },
      big: { type: "string", default: "2000000" },
      until: day,
    },
  });
  const fixture = {
    rows: Number(values.rows),
    days: Number(values.days),
    rooms: Number(values.rooms),
    big: Number(values.big),
    until: values.until,
  };
  for (const text of fixtureLines(fixture))
    if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

if (process.argv[1] === import.meta.filename) await main();
