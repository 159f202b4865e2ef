/** Body and answer of the routes of notifications. */
import Type from "typebox";

/** A browser's subscription at its push service. `ignored`: people whose messages it does not show. */
export const PUSH_BODY = Type.Object({
  endpoint: Type.String({ maxLength: 1_000 }),
  p256dh: Type.String({ pattern: "^[A-Za-z0-9_-]{87}$" }),
  auth: Type.String({ pattern: "^[A-Za-z0-9_-]{22}$" }),
  hideText: Type.Optional(Type.Boolean()),
  language: Type.Optional(Type.String({ pattern: "^[a-z]{2,8}$" })),
  ignored: Type.Optional(
    Type.Array(Type.String({ pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" }), { maxItems: 50 }),
  ),
});
export type PushBody = Type.Static<typeof PUSH_BODY>;

/**
 * Notifications of closed pages. `key`: the public key for `pushManager.subscribe`; absent where the cluster sends none. `on`: this
 * session has a subscription. `front`: the user has a page in front of them, here or elsewhere. `hideText`: as the browser said when it
 * subscribed. `stale`: it subscribed with another key, so it hears nothing until it subscribes again.
 */
export type PushStateAnswer = { key?: string; on: boolean; front: boolean; hideText?: true; stale?: true };

/** Of a room a user hears everything, what speaks to them, or nothing. */
export const LEVEL_BODY = Type.Object({
  level: Type.Union([Type.Literal("all"), Type.Literal("mentions"), Type.Literal("none")]),
});
export type RoomLevel = Type.Static<typeof LEVEL_BODY>["level"];
/** The rooms with a choice. Without one it is `mentions`, and `all` in a direct line. */
export type LevelsAnswer = { rooms: { room: string; level: RoomLevel }[] };
