import fc from "fast-check";
import { Command } from "ioredis";
import { expect, test } from "vitest";
import { type Argument, encodeCommand } from "./encoded-command.ts";

const ofTheLibrary = (name: string, args: Argument[]): Buffer =>
  Buffer.from(new Command(name, args).toWritable({}) as Buffer | string);

test("a command is written as the library would write it, whatever its arguments are", () => {
  const argument = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    // Halves of a character, as a careless client may send them.
    fc.constantFrom("\ud800", "a\udc00b", "é", "ÿ", "안녕하세요", "👍🏽", "\r\n$3\r\n", "x".repeat(5_000)),
    fc.maxSafeInteger(),
    fc.double({ min: -1e12, max: 1e12 }),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  );
  const lists = fc.array(fc.array(argument, { maxLength: 10 }), { maxLength: 4 });
  fc.assert(
    fc.property(lists, (given) => {
      expect(encodeCommand("evalsha", given)).toEqual(ofTheLibrary("evalsha", given.flat()));
    }),
  );
});
