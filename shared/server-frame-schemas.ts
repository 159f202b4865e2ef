/**
 * Schemas of the frames that the server sends, for tests that validate real frames and for the test that pins the wire. The types
 * are in server-frames.ts; test/protocol-version.test.ts keeps both equal. Neither the browser nor a gateway imports this file.
 */
import Type, { type TSchema } from "typebox";
import { type FrameCode, REFUSALS } from "./codes.ts";
import type { ServerFrame } from "./server-frames.ts";

const optional = Type.Optional;
const text = Type.String();
const integer = Type.Integer();
const seq = Type.Integer({ minimum: 0 });
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const oneOf = <W extends string>(...words: W[]) => Type.Unsafe<W>(Type.String({ enum: words }));

const frameCodes = Object.entries(REFUSALS)
  .filter(([, { over }]) => over !== "http")
  .map(([code]) => code as FrameCode);
const role = oneOf("user", "moderator", "admin");
const named = Type.Object({ id: text, nickname: text });
const restriction = { reason: text, until: integer };
const ban = { reason: text, until: orNull(integer) };
const listedRoom = Type.Object({
  ...{ name: text, title: text, slowModeMs: integer },
  archived: optional(oneOf("shown", "hidden")),
  people: integer,
});
const event = { room: text, seq, at: integer };

const message = Type.Object({
  type: Type.Literal("message"),
  ...event,
  user: named,
  role: optional(oneOf("moderator", "admin")),
  clientId: text,
  text: optional(text),
  mentions: optional(Type.Array(Type.Object({ id: text, start: integer, length: integer }))),
  reply: optional(Type.Object({ seq, user: text })),
  deleted: optional(Type.Literal(true)),
  takenBack: optional(Type.Literal(true)),
});
const deleted = Type.Object({
  type: Type.Literal("deleted"),
  ...event,
  target: seq,
  by: text,
  clientId: text,
  takenBack: optional(Type.Literal(true)),
});
const removed = Type.Object({
  type: Type.Literal("removed"),
  ...event,
  ...{ author: text, from: seq, by: text, clientId: text },
});
const reactions = Type.Object({
  type: Type.Literal("reactions"),
  ...event,
  changes: Type.Array(Type.Object({ target: seq, emoji: text, on: Type.Array(text), off: Type.Array(text) })),
  clientId: text,
});
const notice = Type.Object({
  type: Type.Literal("notice"),
  ...event,
  code: text,
  user: optional(named),
  before: optional(text),
  reason: optional(text),
  until: optional(integer),
  role: optional(role),
  slowModeMs: optional(integer),
  history: optional(oneOf("shown", "hidden", "deleted")),
  roomRole: optional(oneOf("owner", "moderator", "member")),
  target: optional(seq),
  text: optional(text),
});

export const SERVER_FRAMES = {
  welcome: Type.Object({
    type: Type.Literal("welcome"),
    v: integer,
    connection: text,
    gateway: text,
    user: orNull(Type.Object({ id: text, nickname: text, role })),
    restricted: orNull(Type.Object(restriction)),
    limits: Type.Object({
      ...{ messageChars: integer, frameBytes: integer, resendMs: integer },
      ...{ messagesPerSecond: Type.Optional(integer), messageBurst: Type.Optional(integer) },
      mentionChars: optional(integer),
    }),
  }),
  joined: Type.Object({
    type: Type.Literal("joined"),
    room: text,
    epoch: text,
    head: seq,
    stored: seq,
    recovered: Type.Boolean(),
    events: Type.Array(Type.Union([message, deleted, removed, reactions, notice])),
    more: Type.Boolean(),
  }),
  message,
  deleted,
  removed,
  reactions,
  notice,
  ack: Type.Object({ type: Type.Literal("ack"), room: text, clientId: text, seq, seenBy: optional(integer) }),
  refused: Type.Object({
    type: Type.Literal("refused"),
    code: oneOf(...frameCodes),
    clientId: optional(text),
    room: optional(text),
    retryAfterMs: optional(Type.Number()),
  }),
  warning: Type.Object({
    type: Type.Literal("warning"),
    code: Type.Literal("spam"),
    room: text,
    clientId: text,
  }),
  presence: Type.Object({
    type: Type.Literal("presence"),
    room: text,
    people: integer,
    connections: integer,
    head: seq,
    stored: seq,
  }),
  restricted: Type.Object({ type: Type.Literal("restricted"), ...ban }),
  banned: Type.Object({ type: Type.Literal("banned"), ...ban }),
  typing: Type.Object({ type: Type.Literal("typing"), room: text, user: named }),
  closed: Type.Object({
    type: Type.Literal("closed"),
    room: text,
    code: oneOf("room_archived", "no_such_room"),
  }),
  rooms: Type.Object({
    type: Type.Literal("rooms"),
    rooms: Type.Array(listedRoom),
    gone: Type.Array(text),
    stale: optional(Type.Literal(true)),
  }),
  own_rooms: Type.Object({ type: Type.Literal("own_rooms") }),
  heads: Type.Object({
    type: Type.Literal("heads"),
    rooms: Type.Array(Type.Object({ room: text, head: seq, unread: integer, mentions: integer, read: seq })),
    all: optional(Type.Literal(true)),
  }),
  pong: Type.Object({ type: Type.Literal("pong"), id: Type.Union([text, Type.Number()]) }),
  move: Type.Object({ type: Type.Literal("move"), withinMs: integer }),
} as const satisfies Record<ServerFrame["type"], TSchema>;
