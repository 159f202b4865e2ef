import { expect, test } from "vitest";
import { eventForOlderClients, forOlderClients } from "./older-clients.ts";

const message = {
  type: "message",
  room: "r",
  seq: 1,
  at: 5,
  user: { id: "u", nickname: "n" },
  clientId: "c",
  text: '{"type":"reactions","room":"r","seq":',
};
const reactions = { type: "reactions", room: "r", seq: 2, at: 6, changes: [], clientId: "c" };
const shown = { type: "deleted", room: "r", seq: 2, at: 6, target: 0, by: "", clientId: "at-2" };
const joined = { type: "joined", room: "r", epoch: "e", head: 2, stored: 0, recovered: true, more: false };
const sent = (frame: unknown) => JSON.parse(forOlderClients(Buffer.from(JSON.stringify(frame))).toString());

test("an event of a newer kind keeps its place as a deletion of nothing, wherever it is", () => {
  expect(sent(reactions)).toEqual(shown);
  expect(sent([message, reactions])).toEqual([message, shown]);
  expect(sent({ ...joined, events: [message, reactions] })).toEqual({ ...joined, events: [message, shown] });
  expect(sent({ type: "later", room: "r", seq: 9, at: 1 })).toMatchObject({
    type: "deleted",
    seq: 9,
    target: 0,
  });
  expect(JSON.parse(eventForOlderClients(JSON.stringify(reactions)))).toEqual(shown);
});

test("other bytes stay the same, whatever people write", () => {
  for (const frame of [
    message,
    [message],
    { ...joined, events: [message] },
    { type: "presence", room: "r", people: 1 },
  ]) {
    const bytes = Buffer.from(JSON.stringify(frame));
    expect(forOlderClients(bytes)).toBe(bytes);
  }
  expect(eventForOlderClients(JSON.stringify(message))).toBe(JSON.stringify(message));
});
