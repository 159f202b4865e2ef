/** A gateway leaves without losing anybody: each client is told to move, with its own delay, and those that are still here at the end are closed. */
import { CLOSE } from "../../shared/codes.ts";
import { comesTrue } from "../../shared/until.ts";
import { end, send } from "./connection.ts";
import type { Sockets } from "./connections.ts";

const POLL_MS = 50;
/** Of the time given: the rest is for the last ones to open another connection and resume there. */
const MOVE_SHARE = 0.6;

/** Frames in handling may take this long after the last client left; what they did is in the log by then, acknowledged or not. */
const FINISH_MS = 2_000;

/** @param inFlight frames being handled. @param drainMs bound of the moving; ends earlier when all have left. */
export async function drain(sockets: Sockets, inFlight: () => number, drainMs: number): Promise<void> {
  for (const socket of sockets.all()) {
    if (socket.getUserData().authenticated)
      send(socket, { type: "move", withinMs: Math.round(drainMs * MOVE_SHARE) });
    else end(socket, CLOSE.restarting, "restarting");
  }
  await comesTrue(() => sockets.count === 0, { withinMs: drainMs, everyMs: POLL_MS });
  for (const socket of sockets.all()) end(socket, CLOSE.restarting, "restarting");
  await comesTrue(() => inFlight() === 0, { withinMs: FINISH_MS, everyMs: POLL_MS });
}
