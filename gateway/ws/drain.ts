/**
 * Lets a gateway leave without losing anybody: asks each client to move after a random delay of its own, and closes
 * those that are still here at the end.
 */
import { CLOSE } from "../../shared/codes.ts";
import { comesTrue } from "../../shared/until.ts";
import { end, send } from "./connection.ts";
import type { Sockets } from "./connections.ts";

const POLL_MS = 50;
/** Share of the time given. The rest is for the last clients to connect elsewhere and resume there. */
const MOVE_SHARE = 0.6;

/**
 * Max time for frames in handling after the last client left. Their effects are in the log by then, acknowledged or
 * not.
 */
const FINISH_MS = 2_000;

/**
 * @param inFlight counts frames being handled.
 * @param drainMs max duration of the move; it ends early when all have left.
 */
export async function drain(sockets: Sockets, inFlight: () => number, drainMs: number): Promise<void> {
  for (const socket of sockets.all()) {
    if (socket.getUserData().connection.authenticated)
      send(socket, { type: "move", withinMs: Math.round(drainMs * MOVE_SHARE) });
    else end(socket, CLOSE.restarting, "restarting");
  }
  await comesTrue(() => sockets.count === 0, { withinMs: drainMs, everyMs: POLL_MS });
  for (const socket of sockets.all()) end(socket, CLOSE.restarting, "restarting");
  await comesTrue(() => inFlight() === 0, { withinMs: FINISH_MS, everyMs: POLL_MS });
}
