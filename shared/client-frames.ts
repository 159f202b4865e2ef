/**
 * The frames that a client may send, as schemas and as types. The browser and k6 import only the types.
 * A change here is a change of the contract: test/protocol-version.test.ts pins both sides of the wire.
 */
import Type from "typebox";
import { CLIENT_ID, FOLLOWED_MAX, MENTIONS_MAX, PROTOCOL_VERSION, ROOM_NAME } from "./limits.ts";

const room = Type.String({ pattern: ROOM_NAME.source });
const clientId = Type.String({ pattern: CLIENT_ID.source });
const token = Type.String({ minLength: 1, maxLength: 2048 });
/** The seq of an event. A client's position, below, may also be 0: before the first event. */
const seq = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const position = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Of frames that are answered without it: only a refusal names it. */
const named = { clientId: Type.Optional(clientId) };

export const CLIENT_FRAMES = {
  hello: Type.Object({
    type: Type.Literal("hello"),
    v: Type.Literal(PROTOCOL_VERSION),
    token: Type.Optional(token),
    replaces: Type.Optional(Type.String({ maxLength: 64 })),
    /** Subscribes to changes of the list of rooms. */
    rooms: Type.Optional(Type.Boolean()),
    /** The client passes over events of kinds that it does not know. */
    kinds: Type.Optional(Type.Literal("all")),
  }),
  auth: Type.Object({ type: Type.Literal("auth"), token }),
  join: Type.Object({
    type: Type.Literal("join"),
    room,
    since: Type.Optional(Type.Object({ epoch: Type.String({ maxLength: 64 }), seq: position })),
  }),
  leave: Type.Object({ type: Type.Literal("leave"), room }),
  send: Type.Object({
    type: Type.Literal("send"),
    ...{ room, clientId },
    text: Type.String(),
    /** Ids of the users whose names in the text are mentions. */
    mentions: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: MENTIONS_MAX })),
    /** The seq of the message of the room that this one replies to. */
    replyTo: Type.Optional(seq),
  }),
  delete: Type.Object({
    type: Type.Literal("delete"),
    ...{ room, seq, clientId },
    /** Leaves nothing behind if that is still possible: an own message, just sent, that nobody has read. */
    takeBack: Type.Optional(Type.Boolean()),
  }),
  /** Sets whether a reaction to the message `seq` is there. */
  react: Type.Object({
    type: Type.Literal("react"),
    ...{ room, seq, clientId },
    emoji: Type.String({ maxLength: 64 }),
    on: Type.Boolean(),
  }),
  typing: Type.Object({ type: Type.Literal("typing"), room }),
  /** Replaces the rooms that the socket follows. */
  follow: Type.Object({
    type: Type.Literal("follow"),
    rooms: Type.Array(room, { maxItems: FOLLOWED_MAX }),
    ...named,
  }),
  read: Type.Object({ type: Type.Literal("read"), room, seq, ...named }),
  read_all: Type.Object({ type: Type.Literal("read_all"), ...named }),
  /** Whether this page is the one that its user looks at: visible, and with the focus. */
  front: Type.Object({ type: Type.Literal("front"), on: Type.Boolean() }),
  ping: Type.Object({
    type: Type.Literal("ping"),
    id: Type.Union([Type.String({ maxLength: 64 }), Type.Number()]),
  }),
} as const;

export type Hello = Type.Static<typeof CLIENT_FRAMES.hello>;
export type Auth = Type.Static<typeof CLIENT_FRAMES.auth>;
export type Join = Type.Static<typeof CLIENT_FRAMES.join>;
export type Leave = Type.Static<typeof CLIENT_FRAMES.leave>;
export type Send = Type.Static<typeof CLIENT_FRAMES.send>;
export type Delete = Type.Static<typeof CLIENT_FRAMES.delete>;
export type ReactFrame = Type.Static<typeof CLIENT_FRAMES.react>;
export type Typing = Type.Static<typeof CLIENT_FRAMES.typing>;
export type Follow = Type.Static<typeof CLIENT_FRAMES.follow>;
export type Read = Type.Static<typeof CLIENT_FRAMES.read>;
export type ReadAll = Type.Static<typeof CLIENT_FRAMES.read_all>;
export type Front = Type.Static<typeof CLIENT_FRAMES.front>;
type Ping = Type.Static<typeof CLIENT_FRAMES.ping>;

export type ClientFrame =
  | Hello
  | Auth
  | Join
  | Leave
  | Send
  | Delete
  | ReactFrame
  | Typing
  | Follow
  | Read
  | ReadAll
  | Front
  | Ping;
export type ClientFrameType = ClientFrame["type"];
