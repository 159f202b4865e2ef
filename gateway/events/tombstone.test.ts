import { expect, test } from "vitest";
import { tombstoneOf, withDeletions } from "./tombstone.ts";

const message = (seq: number, text: string) => {
  const user = { id: "u", nickname: 'a","text":"b' };
  return {
    seq,
    bytes: Buffer.from(JSON.stringify({ type: "message", room: "r", seq, user, clientId: "c", text })),
  };
};
const deletion = (seq: number, target: number) => ({
  seq,
  bytes: Buffer.from(JSON.stringify({ type: "deleted", room: "r", seq, target, by: "u" })),
});

test("a tombstone has everything but the text, under any name of the author", () => {
  const whole = message(1, 'x","text":"y');
  expect(JSON.parse(tombstoneOf(whole.bytes).toString())).toEqual({
    ...{ type: "message", room: "r", seq: 1, clientId: "c", deleted: true },
    user: { id: "u", nickname: 'a","text":"b' },
  });
});

test("events of different moments put together tell nothing that one of them deletes", () => {
  const notified = withDeletions([message(1, "one"), message(2, "two"), deletion(3, 1)]);
  expect(notified.map(({ bytes }) => JSON.parse(bytes.toString()).text)).toEqual([
    undefined,
    "two",
    undefined,
  ]);
});
