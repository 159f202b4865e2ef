/** Guests that only join a room. They are not part of the crowd and do not reconnect. */
import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import { createDecoder } from "../../decode.ts";
import { type Address, openConnection } from "./chat-connection.ts";

export type Guest = {
  /** Milliseconds until it had joined; undefined before. */
  joinedAfterMs: () => number | undefined;
  /** Whether its connection has ended. */
  lost: () => boolean;
  leave: () => void;
};

const decode = createDecoder();

/** Opens all of them at one moment, through nginx. */
export function openGuests(address: Address, room: string, count: number): Guest[] {
  return Array.from({ length: count }, () => {
    const startedAt = performance.now();
    let tookMs: number | undefined;
    let lost = false;
    const connection = openConnection(address, { type: "hello", v: PROTOCOL_VERSION }, decode, {
      welcome: () => connection.send({ type: "join", room }),
      frame: (frame) => {
        if (frame.type === "joined") tookMs = performance.now() - startedAt;
      },
      ended: () => {
        lost = true;
      },
    });
    return { joinedAfterMs: () => tookMs, lost: () => lost, leave: connection.close };
  });
}
