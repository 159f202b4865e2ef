/** Client ids as Redis remembers them: digests, so that what is remembered of a message is small whatever its client id is. */
import { hash } from "node:crypto";

/** So many bits that no two messages ever share one, also when somebody looks for two that do. */
const ID_BYTES = 12;

/** Of all messages of a shard. */
export const sentId = (room: string, userId: string, clientId: string): Buffer =>
  hash("sha1", `${room} ${userId} ${clientId}`, "buffer").subarray(0, ID_BYTES);

/** One byte, by which most client ids that a user did not send lately are told from those that they did (admit.lua). */
export const clientIdMark = (clientId: string): Buffer => hash("sha1", clientId, "buffer").subarray(0, 1);
