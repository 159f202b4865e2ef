import fc from "fast-check";
import { expect, it } from "vitest";
import { parseBytes, parseFrame } from "./decode.ts";

const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer as ArrayBuffer;
const isPlain = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

it("an object, or a list of objects, is taken for frames; any other JSON is not, null among it", () => {
  for (const other of ["null", "1", '"text"', "true", "[null]", "[{},null]", "[[]]"])
    expect([other, parseBytes(bytesOf(other))]).toEqual([other, undefined]);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const isTaken = isPlain(value) || (Array.isArray(value) && value.every(isPlain));
      expect(parseBytes(bytesOf(JSON.stringify(value))) !== undefined).toBe(isTaken);
    }),
  );
});

it("bytes that are no UTF-8, or no JSON, are not taken", () => {
  expect(parseBytes(new Uint8Array([0x22, 0xff, 0x22]).buffer)).toBe(undefined);
  expect(parseBytes(bytesOf("{"))).toBe(undefined);
});

it("every object is judged by its form, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.anything(), (raw, type) => {
      expect(parseFrame({ ...raw, type }).ok).toBe(false);
    }),
  );
  expect(parseFrame({ type: "ping", id: 1 })).toMatchObject({ ok: true });
});
