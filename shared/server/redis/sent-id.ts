/** The digests of client ids that Redis remembers: small, however long the client ids are. */
import { hash } from "node:crypto";

/** Long enough that no two messages share one, even if somebody searches for a collision. */
const ID_BYTES = 12;

/** Unique among the messages of a shard. */
export const sentId = (room: string, userId: string, clientId: string): Buffer =>
  hash("sha1", `${room} ${userId} ${clientId}`, "buffer").subarray(0, ID_BYTES);

/** One byte, which tells most new client ids from those that a user sent recently (admit.lua). */
export const clientIdMark = (clientId: string): Buffer => hash("sha1", clientId, "buffer").subarray(0, 1);
