/** The one place where bytes from the server become frames. */
import type { ServerFrame } from "../../shared/server-frames.ts";

/**
 * The frames in one WebSocket message, in order: one object or an array of them.
 * @returns undefined if it is not JSON or not made of objects with a `type`. The connection cannot be trusted then.
 */
export function parseFrames(text: string): ServerFrame[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const frames: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return frames.every(isFrame) ? frames : undefined;
}

/** The other fields are not checked, because both sides compile against the same types. */
function isFrame(value: unknown): value is ServerFrame {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
