/** Leaving without losing anybody: each client is told to move, with its own delay; who is still here at the end is closed. */
import { CLOSE } from "../../shared/codes.ts";
import { end, send } from "./connection.ts";
import type { Sockets } from "./sockets.ts";

const LOOK_MS = 50;
/** Of the time given: the rest is for those whose turn came last to open the other connection and resume there. */
const MOVE_SHARE = 0.6;

/** @param drainMs bound of the whole; ends earlier when all have left. */
export async function drain(sockets: Sockets, drainMs: number): Promise<void> {
  const deadline = performance.now() + drainMs;
  for (const socket of sockets.all()) {
    if (socket.getUserData().greeted)
      send(socket, { type: "move", withinMs: Math.round(drainMs * MOVE_SHARE) });
    else end(socket, CLOSE.restarting, "restarting");
  }
  while (sockets.count > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  for (const socket of sockets.all()) end(socket, CLOSE.restarting, "restarting");
}
