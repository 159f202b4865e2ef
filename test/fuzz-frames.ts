/** Frames for the fuzzer: a few valid ones, many invalid ones, and the allowed effects of each. */
import fc from "fast-check";
import { CLIENT_FRAMES } from "../shared/client-frames.ts";
import { CLIENT_ID, LOBBY, MESSAGE_CHARS } from "../shared/limits.ts";
import { prepareText } from "../shared/text.ts";
import { nearly, oddTexts } from "./fuzz-values.ts";

const clientId = fc.stringMatching(/^[A-Za-z0-9_-]{6,14}$/);
const words = fc.string({ unit: "grapheme", maxLength: 40 });

const say = fc.record({ type: fc.constant("send"), room: fc.constant(LOBBY), clientId, text: words });
const takeBack = fc.record({
  type: fc.constant("delete"),
  room: fc.constant(LOBBY),
  clientId,
  seq: fc.nat(300),
});
/** Every frame of the contract, in the lobby or any other room. */
const mangled = fc
  .tuple(fc.oneof(...Object.values(CLIENT_FRAMES).map(nearly)), fc.constantFrom({}, { room: LOBBY }))
  .map(([fields, room]) => ({ ...fields, ...room }));
const unknown = fc
  .tuple(mangled, fc.oneof(oddTexts, fc.constantFrom("message", "joined", "ack")))
  .map(([fields, type]) => ({ ...fields, type }));
const frame = fc.oneof(
  { weight: 2, arbitrary: say },
  takeBack,
  { weight: 6, arbitrary: mangled },
  { weight: 1, arbitrary: unknown },
);

/** The text of one WebSocket frame. */
export const frameTexts = fc.oneof(
  { weight: 6, arbitrary: frame.map((each) => JSON.stringify(each)) },
  { weight: 2, arbitrary: fc.array(frame, { maxLength: 8 }).map((all) => JSON.stringify(all)) },
  {
    weight: 1,
    arbitrary: fc.tuple(frame, fc.nat(60)).map(([each, end]) => JSON.stringify(each).slice(0, end)),
  },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
  { weight: 1, arbitrary: fc.nat(6_000).map((depth) => "[".repeat(depth)) },
);

export type Effect = { kind: "say"; clientId: string; text: string } | { kind: "delete"; target: number };

/** @returns the most that a frame with this text may do to the lobby. Nothing else may have an effect there. */
export function effectsOf(text: string): Effect[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  return [value].flat().flatMap((each): Effect[] => {
    if (typeof each !== "object" || each === null) return [];
    const { type: name, room, clientId: id, text: said, seq } = each as Record<string, unknown>;
    if (room !== LOBBY || typeof id !== "string" || !CLIENT_ID.test(id)) return [];
    if (name === "delete" && typeof seq === "number") return [{ kind: "delete", target: seq }];
    if (name !== "send" || typeof said !== "string") return [];
    const prepared = prepareText(said, MESSAGE_CHARS);
    return prepared.ok ? [{ kind: "say", clientId: id, text: prepared.text }] : [];
  });
}
