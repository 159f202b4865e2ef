/** A command as it stands in Kafka: its form, and its reading from bytes that anybody may have written. Pure. */
import Type from "typebox";
import Compile from "typebox/compile";
import { MENTIONS_MAX, ROOM_NAME } from "../../shared/limits.ts";

/** A command has at most so many bytes; a longer one is not looked at. */
export const COMMAND_BYTES = 8_192;

const room = Type.String({ pattern: ROOM_NAME.source });
const seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const user = Type.String({ minLength: 1, maxLength: 64 });
const millis = Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 });
const text = Type.String();
const ID = /^[A-Za-z0-9._-]{1,64}$/;
const strict = { additionalProperties: false };

/** `id`: chosen by the sender, one for each command. `expires`: from then on it is not executed, ms since the epoch. */
const common = {
  id: Type.String({ pattern: ID.source }),
  expires: millis,
};
/** As in the HTTP requests that do the same. `room`: a room whose messages are removed in any case. */
const restriction = {
  user,
  reason: Type.Optional(text),
  removeMessages: Type.Optional(Type.Boolean()),
  room: Type.Optional(room),
};

const COMMANDS = {
  send: Type.Object(
    {
      ...common,
      type: Type.Literal("send"),
      ...{ room, text },
      mentions: Type.Optional(Type.Array(user, { maxItems: MENTIONS_MAX })),
      replyTo: Type.Optional(seq),
    },
    strict,
  ),
  delete: Type.Object({ ...common, type: Type.Literal("delete"), room, seq }, strict),
  mute: Type.Object({ ...common, type: Type.Literal("mute"), ...restriction, untilMs: millis }, strict),
  ban: Type.Object(
    { ...common, type: Type.Literal("ban"), ...restriction, untilMs: Type.Optional(millis) },
    strict,
  ),
  notice: Type.Object({ ...common, type: Type.Literal("notice"), room, text }, strict),
};
type Schemas = typeof COMMANDS;
export type Command = { [K in keyof Schemas]: Type.Static<Schemas[K]> }[keyof Schemas];

const CHECKS = new Map(Object.entries(COMMANDS).map(([type, schema]) => [type, Compile(schema)]));
const TYPES = [...CHECKS.keys()].join(", ");
const decoder = new TextDecoder("utf-8", { fatal: true });

/** `id`: of a value whose form is wrong otherwise, if it has one. */
type ReadValue = { ok: true; command: Command } | { ok: false; id: string | undefined; detail: string };

/** @param value at most COMMAND_BYTES. */
export function readCommand(value: Uint8Array): ReadValue {
  const raw = parse(value);
  if (raw === undefined) return { ok: false, id: undefined, detail: "is no JSON object in UTF-8" };
  const id = typeof raw.id === "string" && ID.test(raw.id) ? raw.id : undefined;
  const check = typeof raw.type === "string" ? CHECKS.get(raw.type) : undefined;
  if (!check) return { ok: false, id, detail: `type is not one of ${TYPES}` };
  if (check.Check(raw)) return { ok: true, command: raw as unknown as Command };
  // The first one of a field that should not be there says nothing.
  const found = check.Errors(raw).find(({ keyword }) => keyword !== "boolean");
  const field = found?.instancePath.slice(1) ?? "";
  return { ok: false, id, detail: `${field} ${found?.message ?? "has another form"}`.trim() };
}

/** @returns the id that an untrusted value gives itself. */
export function idOf(value: Uint8Array): string | undefined {
  const id = parse(value)?.id;
  return typeof id === "string" && ID.test(id) ? id : undefined;
}

function parse(value: Uint8Array): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(decoder.decode(value));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    // No JSON, or no UTF-8: the sender learns it from the answer.
    return undefined;
  }
}
