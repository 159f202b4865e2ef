/** The digests of client ids that Redis remembers: small, however long the client ids are. */
import { hash } from "node:crypto";

/** Long enough that no two messages share one, even if somebody searches for a collision. */
const ID_BYTES = 12;

/** Unique among the messages of a shard. */
export const sentId = (room: string, userId: string, clientId: string): Buffer =>
  digest(`${room} ${userId} ${clientId}`, ID_BYTES);

/** One byte, which tells most new client ids from those that a user sent recently (admit.lua). */
export const clientIdMark = (clientId: string): Buffer => digest(clientId, 1);

/** By way of a string, because a buffer of its own costs as much as the digest. */
const digest = (text: string, bytes: number): Buffer =>
  Buffer.from(hash("sha1", text, "binary").slice(0, bytes), "binary");
