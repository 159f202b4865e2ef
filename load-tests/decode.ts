/** Frames of the server as objects. */
import type { ServerFrame } from "../shared/server-frames.ts";

/** More than the frames that have reached only some of the sockets. */
const REMEMBERED = 1_024;

/**
 * Parses a frame that a thousand sockets receive only once. The cluster sends the same bytes to all, so the generator
 * need not be the bottleneck. The frames are shared and must not be changed.
 */
export function createDecoder(): (payload: Buffer) => readonly ServerFrame[] {
  const known = new Map<string, readonly ServerFrame[]>();
  return (payload) => {
    const bytes = payload.toString("latin1");
    const before = known.get(bytes);
    if (before) return before;
    const parsed: ServerFrame | ServerFrame[] = JSON.parse(payload.toString("utf8"));
    const frames = Array.isArray(parsed) ? parsed : [parsed];
    if (known.size >= REMEMBERED) known.clear();
    known.set(bytes, frames);
    return frames;
  };
}
