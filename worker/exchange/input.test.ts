/** Bytes of an archive become lines in any chunks, and a later run continues at any position. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { openInput, type Piece } from "./input.ts";
import { bytesOf } from "./testing/exchange.ts";

async function collect(pieces: AsyncIterable<Piece>): Promise<Piece[]> {
  const all: Piece[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}
const rawOf = (pieces: Piece[]): string[] => pieces.flatMap(({ lines }) => lines.map(({ raw }) => raw));

const text = fc.array(
  fc.string({ unit: "grapheme", maxLength: 40 }).map((line) => line.replace(/[\r\n]/g, " ")),
  {
    maxLength: 60,
  },
);

it("lines are complete and in order, in chunks of any size and batches of any length", async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 9 }),
      async (lines, chunk, size, max) => {
        const input = await openInput(bytesOf(lines.join("\n"), chunk), size, max);
        const pieces = await collect(input.pieces());
        expect(rawOf(pieces)).toEqual(lines.filter((line) => line !== ""));
        expect(Math.max(0, ...pieces.map((piece) => piece.lines.length))).toBeLessThanOrEqual(max);
      },
    ),
  );
});

it("a run that continues after any batch reads the same as the first run would", async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 300 }), fc.nat(), async (lines, size, stop) => {
      const whole = lines.join("\n");
      const first = await openInput(bytesOf(whole, 70), size);
      const pieces = await collect(first.pieces());
      const at = stop % (pieces.length + 1);
      const second = await openInput(bytesOf(whole, 33), size + 1, 3);
      expect(second.fingerprint).toBe(first.fingerprint);
      expect(await second.goTo(pieces[at - 1] ?? { end: 0, tail: "" })).toBe(true);
      const rest = await collect(second.pieces());
      expect(rawOf([...pieces.slice(0, at), ...rest])).toEqual(lines.filter((line) => line !== ""));
      // Positions in the second run are those of the whole input, too.
      const third = await openInput(bytesOf(whole, 5), size);
      expect(await third.goTo(rest.at(-1) ?? { end: 0, tail: "" })).toBe(true);
    }),
  );
});

it("another input, or one that is shorter, is not gone on with", async () => {
  const lines = (end: string): string => `${"x".repeat(70_000)}\n${"y".repeat(70_000)}${end}\n`;
  const pieces = await collect((await openInput(bytesOf(lines("a")))).pieces());
  const place = pieces.at(-1) ?? { end: 0, tail: "" };
  const other = await openInput(bytesOf(lines("b")));
  expect(await other.goTo(place)).toBe(false);
  expect(await (await openInput(bytesOf("x\n"))).goTo(place)).toBe(false);
});

it("a line of more than 1 MiB and one that is not UTF-8 are reported, and the lines around them are read", async () => {
  const bytes = Buffer.concat([
    Buffer.from("one\n"),
    Buffer.alloc(3 << 20, "a"),
    Buffer.from("\r\ntwo\r\n"),
    Buffer.from([0x7b, 0xff, 0x0a]),
    Buffer.from("three"),
  ]);
  const pieces = await collect((await openInput(bytesOf(bytes, 1 << 16))).pieces());
  expect(
    pieces.flatMap(({ lines }) => lines.map(({ raw, broken }) => `${raw.slice(0, 5)} ${broken ?? ""}`)),
  ).toEqual(["one ", "aaaaa is longer than 1 MiB", "two ", "{\ufffd is no UTF-8", "three "]);
  expect(pieces.at(-1)?.end).toBe(bytes.length);
});
