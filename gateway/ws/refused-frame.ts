/** The `refused` frame. */
import type { FrameCode } from "../../shared/codes.ts";
import { CLIENT_ID, ROOM_NAME } from "../../shared/limits.ts";
import type { RefusedFrame } from "../../shared/server-frames.ts";
import type { Raw } from "./decode.ts";

/** @returns a refusal that names the frame's client id and room if they are well formed. */
export function refusal({ clientId, room }: Raw, code: FrameCode, retryAfterMs?: number): RefusedFrame {
  const frame: RefusedFrame = { type: "refused", code };
  if (typeof clientId === "string" && CLIENT_ID.test(clientId)) frame.clientId = clientId;
  if (typeof room === "string" && ROOM_NAME.test(room)) frame.room = room;
  if (retryAfterMs !== undefined) frame.retryAfterMs = retryAfterMs;
  return frame;
}
