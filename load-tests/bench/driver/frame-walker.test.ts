import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrameWalker, PING, TEXT } from "./frame-walker.ts";

type Frame = { opcode: number; payload: string };

/** As a server writes it, with the shortest form of its length. */
function encode({ opcode, payload }: Frame): Buffer {
  const body = Buffer.from(payload, "latin1");
  const { length } = body;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  header[0] = 128 | opcode;
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, body]);
}

/** All reads go through one buffer, which is larger than each of them and has other bytes after them. */
function walkIn(stream: Buffer, cuts: number[]): Frame[] {
  const found: Frame[] = [];
  const walk = createFrameWalker((buffer, from, to, opcode) => {
    found.push({ opcode, payload: buffer.toString("latin1", from, to) });
  });
  const shared = Buffer.alloc(stream.length + 16, 255);
  const ends = [...cuts.filter((cut) => cut < stream.length), stream.length].sort((a, b) => a - b);
  let at = 0;
  for (const end of ends) {
    shared.fill(255);
    stream.copy(shared, 0, at, end);
    walk(shared, end - at);
    at = end;
  }
  return found;
}

const frames = fc.array(
  fc.record({
    opcode: fc.constantFrom(TEXT, PING),
    payload: fc.oneof(
      fc.string({ unit: "binary-ascii", maxLength: 8 }),
      fc.integer({ min: 100, max: 700 }).map((length) => "~".repeat(length)),
      fc.constantFrom(65_534, 65_535, 65_536, 70_000).map((length) => "x".repeat(length)),
    ),
  }),
  { maxLength: 12 },
);

test("frames cut at any places come out whole and in order", () => {
  fc.assert(
    fc.property(frames, fc.array(fc.nat(3_000), { maxLength: 60 }), (sent, cuts) => {
      expect(walkIn(Buffer.concat(sent.map(encode)), cuts)).toEqual(sent);
    }),
  );
});

test("frames that come a byte at a time come out whole", () => {
  const sent = ["", "a", "b".repeat(126), "c".repeat(65_536)].map((payload) => ({ opcode: TEXT, payload }));
  const stream = Buffer.concat(sent.map(encode));
  const everywhere = Array.from({ length: stream.length }, (_, at) => at);
  expect(walkIn(stream, everywhere)).toEqual(sent);
});

test("an empty frame is whole with the last byte of its header, also when nothing follows", () => {
  const sent = [
    { opcode: TEXT, payload: "a" },
    { opcode: TEXT, payload: "" },
  ];
  expect(walkIn(Buffer.concat(sent.map(encode)), [4])).toEqual(sent);
});
