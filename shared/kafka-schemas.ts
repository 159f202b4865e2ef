/**
 * Schemas of everything that Suda writes to Kafka or reads from it, made of those of the wire: events are the frames that browsers get. They are published
 * as JSON Schemas in docs/kafka/schemas (test/kafka-schemas.test.ts); no process loads them.
 */
import Type, { type TSchema } from "typebox";
import type { ActName } from "./http-api.ts";
import { ANSWERS, COMMANDS } from "./kafka-commands.ts";
import { SERVER_FRAMES } from "./server-frame-schemas.ts";
import type { Role } from "./server-frames.ts";

const oneOf = <W extends string>(...words: W[]) => Type.Unsafe<W>(Type.String({ enum: words }));
const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const optional = Type.Optional;
const text = Type.String();
const seq = Type.Integer({ minimum: 0 });
const millis = Type.Integer({ description: "ms since the epoch" });

const { message, deleted, removed, reactions, notice } = SERVER_FRAMES;
/** `command`: of a bot, which the HTTP API does not show. */
type KafkaActName = ActName | "command";
const ACTS: Record<KafkaActName, true> = {
  ...{ mute: true, unmute: true, ban: true, unban: true, role: true, raid: true, raid_over: true },
  ...{ room: true, room_archived: true, room_reopened: true, room_deleted: true, pin: true, unpin: true },
  ...{ delete: true, remove: true, report_handled: true, reset_password: true, command: true },
};
const named = Type.Object(
  { id: text, nickname: text },
  { description: "With the nickname that was known when the act was first published" },
);

/** Values by topic, without the prefix. A record without a value deletes its key. */
export const KAFKA_VALUES = {
  events: Type.Union([message, deleted, removed, reactions, notice]),
  messages: message,
  users: Type.Object({ id: text, nickname: text, role: oneOf<Role>("user", "moderator", "admin") }),
  rooms: Type.Object({
    name: text,
    title: text,
    slowModeMs: Type.Integer({
      minimum: 0,
      description: "How long each member waits between two messages; 0: not at all",
    }),
    createdAt: millis,
    archived: optional(oneOf("shown", "hidden")),
    pinned: optional(seq),
    kind: optional(oneOf("private", "direct")),
  }),
  audit: Type.Object({
    id: text,
    at: millis,
    act: oneOf(...(Object.keys(ACTS) as KafkaActName[])),
    by: orNull(named),
    user: orNull(named),
    room: orNull(text),
    seq: orNull(seq),
    detail: Type.Object({}, { description: "As in the HTTP API: its fields depend on the act" }),
  }),
  commands: Type.Union(Object.values(COMMANDS)),
  "command-results": Type.Union([ANSWERS.done, ANSWERS.refused]),
} as const satisfies Record<string, TSchema>;

const digits = Type.String({ pattern: "^[0-9]+$" });
const headers = {
  ce_specversion: Type.Literal("1.0"),
  ce_id: text,
  ce_source: Type.String({ pattern: "^/suda/", description: "Ends with the id of the cluster" }),
  ce_type: Type.String({ pattern: "^suda\\." }),
  ce_time: Type.String({ format: "date-time" }),
  ce_subject: text,
  "content-type": Type.Literal("application/json"),
};

/** Headers: CloudEvents 1.0, binary mode. */
export const KAFKA_HEADERS = {
  "event-headers": Type.Object({
    ...headers,
    ce_id: Type.String({
      pattern: "^[^/]+/[0-9]+/[0-9]+$",
      description: "room/epoch/seq: the same in every publication",
    }),
    ce_type: oneOf(
      ...Object.keys({ message, deleted, removed, reactions, notice }).map((kind) => `suda.${kind}`),
    ),
    ce_partitionkey: text,
    ce_sequence: Type.String({ pattern: "^[0-9]+$", description: "The seq of the event" }),
    ce_previous: Type.String({
      ...digits,
      description: "The seq of the room's event before; 0: there is none",
    }),
  }),
  headers: Type.Object(headers),
} as const satisfies Record<string, TSchema>;
