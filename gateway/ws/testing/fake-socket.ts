/** A socket without a line, and the frames that it is sent. */
import type { ServerFrame } from "../../../shared/server-frames.ts";
import { type Connection, newConnection, type Socket } from "../connection.ts";

/** uWebSockets.js: the message was written. */
const WRITTEN = 1;

/** @param hears gets each frame that the socket is sent. */
export function fakeSocket(hears = (_: ServerFrame): void => undefined): Socket {
  const connection: Connection = { ...newConnection("c", "::1", ""), authenticated: true };
  const members: Partial<Socket> = {
    getUserData: () => ({ connection }),
    subscribe: () => true,
    unsubscribe: () => true,
    send: (frame) => {
      hears(JSON.parse(frame.toString()));
      return WRITTEN;
    },
    getBufferedAmount: () => 0,
  };
  return members as Socket;
}
