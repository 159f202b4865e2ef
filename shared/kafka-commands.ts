/**
 * The forms of commands that Kafka brings, and of their answers, as schemas and as types. Published as JSON Schemas in
 * docs/kafka/schemas (test/kafka-schemas.test.ts).
 */
import Type from "typebox";
import { REFUSALS, type RefusalCode } from "./codes.ts";
import { MENTIONS_MAX, ROOM_NAME } from "./limits.ts";

const room = Type.String({ pattern: ROOM_NAME.source });
const seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const user = Type.String({ minLength: 1, maxLength: 64 });
const millis = Type.Integer({ minimum: 0, maximum: 253_402_300_799_999 });
const text = Type.String();
export const COMMAND_ID = /^[A-Za-z0-9._-]{1,64}$/;
const strict = { additionalProperties: false };

/** `id`: chosen by the sender, one for each command. `expires`: from then on it is not executed, ms since the epoch. */
const common = {
  id: Type.String({ pattern: COMMAND_ID.source }),
  expires: millis,
};
/** As in the HTTP requests that do the same. `room`: a room whose messages are removed in any case. */
const restriction = {
  user,
  reason: Type.Optional(text),
  removeMessages: Type.Optional(Type.Boolean()),
  room: Type.Optional(room),
};

export const COMMANDS = {
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

/**
 * Why nothing was done. `forged`: no key of this cluster signed it. `malformed`: it has another form. `too_large`: it has too many
 * bytes. `expired`: it came too late, `expires_too_late`: its end is too far ahead. `unavailable`: until its end some store was away, and
 * whether it was done is not known. The others are refusals as people get them.
 */
const OWN_CODES = ["forged", "malformed", "too_large", "expired", "expires_too_late"] as const;
export type AnswerCode = RefusalCode | (typeof OWN_CODES)[number];

const answer = {
  id: Type.Optional(
    Type.String({ description: "As the command says, which may be forged: then there is no key" }),
  ),
  record: Type.String({ description: "The partition and the offset of the command" }),
  key: Type.Optional(Type.String({ description: "The name of the key that signed it" })),
  repeated: Type.Optional(
    Type.Literal(true, {
      description: "A command with this id was answered before, and this is that answer",
    }),
  ),
};
/** `room` and `seq`: of the event that the command made. */
export const ANSWERS = {
  done: Type.Object({
    ...answer,
    ok: Type.Literal(true),
    room: Type.Optional(Type.String()),
    seq: Type.Optional(Type.Integer()),
  }),
  refused: Type.Object({
    ...answer,
    ok: Type.Literal(false),
    code: Type.Unsafe<AnswerCode>(
      Type.String({ enum: [...new Set([...OWN_CODES, ...Object.keys(REFUSALS)])] }),
    ),
    detail: Type.String(),
  }),
};
export type Answer = Type.Static<(typeof ANSWERS)[keyof typeof ANSWERS]>;
