/** Frames for the fuzzer: some that a client may send, many that none would, and what each of them may lead to. */
import fc from "fast-check";
import { CLIENT_ID, LOBBY, MESSAGE_CHARS } from "../shared/limits.ts";
import { prepareText } from "../shared/text.ts";

const clientId = fc.stringMatching(/^[A-Za-z0-9_-]{6,14}$/);
const words = fc.string({ unit: "grapheme", maxLength: 40 });
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.constantFrom(LOBBY, "a{b}:c", "../x", "", -1, 1e308, 2 ** 53, "9".repeat(400)),
);
const type = fc.constantFrom(
  ...["hello", "auth", "join", "leave", "send", "delete", "typing", "ping"],
  ...["message", "toString", "__proto__"],
);
const field = fc.constantFrom(
  ...["room", "clientId", "text", "seq", "since", "token", "id", "v", "replaces"],
  ...["__proto__", "constructor", "epoch", "user"],
);

const say = fc.record({ type: fc.constant("send"), room: fc.constant(LOBBY), clientId, text: words });
const takeBack = fc.record({
  type: fc.constant("delete"),
  room: fc.constant(LOBBY),
  clientId,
  seq: fc.nat(300),
});
const since = fc.record({ epoch: fc.oneof(fc.string(), odd), seq: fc.oneof(fc.nat(), odd) });
const join = fc.record(
  { type: fc.constant("join"), room: fc.constant(LOBBY), since },
  { requiredKeys: ["type"] },
);
const mangled = fc
  .tuple(type, fc.dictionary(field, odd, { maxKeys: 6 }), fc.constantFrom({}, { room: LOBBY }))
  .map(([name, fields, room]) => ({ ...fields, ...room, type: name }));
const frame = fc.oneof({ weight: 2, arbitrary: say }, takeBack, join, { weight: 4, arbitrary: mangled });

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

/** What a frame of this text may do to the lobby at the most. The contract in short: nothing else has an effect there. */
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
