/** Sockets that follow rooms, and counts of what they hear. */
import { LOBBY } from "../shared/limits.ts";
import type { Heads } from "../shared/server-frames.ts";
import { openWebSocket, type WebSocketConnection } from "./websocket.ts";

const ABREAST = 50;
const REFUSED = Buffer.from('{"type":"refused"');
const HEADS = Buffer.from('{"type":"heads"');

/** `wanted`: the frame that follows its rooms. */
export type Follower = WebSocketConnection & { last: Heads | undefined; wanted: string };
export type Crowd = {
  followers: Follower[];
  heard: { frames: number; bytes: number; closed: number; refused: number };
  open: Open;
};
type Open = (index: number) => Promise<Follower>;

/** Opens the sockets, in the lobby. They follow nothing yet. */
export async function openCrowd(
  total: number,
  ports: number[],
  tokenOf: (index: number) => string,
): Promise<Crowd> {
  const heard = { frames: 0, bytes: 0, closed: 0, refused: 0 };
  const followers: Follower[] = [];
  while (followers.length < total) {
    const count = Math.min(ABREAST, total - followers.length);
    followers.push(
      ...(await Promise.all(Array.from({ length: count }, (_, n) => open(followers.length + n)))),
    );
  }
  return { followers, heard, open };

  async function open(index: number): Promise<Follower> {
    const follower: Pick<Follower, "last" | "wanted"> = { last: undefined, wanted: "" };
    const connection = await openWebSocket({
      host: "127.0.0.1",
      port: ports[index % ports.length] ?? 0,
      onText(payload) {
        heard.bytes += payload.length;
        if (payload.subarray(0, REFUSED.length).equals(REFUSED)) return again(payload);
        if (!payload.subarray(0, HEADS.length).equals(HEADS)) return;
        heard.frames++;
        follower.last = JSON.parse(payload.toString()) as Heads;
      },
      onClose: () => heard.closed++,
    });
    const hello = { type: "hello", v: 1, token: tokenOf(index) };
    connection.send(JSON.stringify([hello, { type: "join", room: LOBBY }]));
    return Object.assign(follower, connection);

    /** Follows again, as a page does after a refusal. */
    function again(payload: Buffer): void {
      heard.refused++;
      const { retryAfterMs = 1_000 } = JSON.parse(payload.toString()) as { retryAfterMs?: number };
      setTimeout(
        () => follower.last === undefined && follower.wanted !== "" && connection.send(follower.wanted),
        retryAfterMs,
      );
    }
  }
}
