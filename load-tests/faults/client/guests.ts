/** People who only look in: guests who are not part of the crowd, and who do not come back when their line breaks. */
import { setTimeout as wait } from "node:timers/promises";
import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import { createDecoder } from "../../decode.ts";
import type { World } from "../catalog/fault.ts";
import { openConnection } from "./chat-connection.ts";

export type Visitor = {
  /** How long it took to be in the room, in ms; null while it is not. */
  cameIn: () => number | null;
  /** Whether its line has broken. */
  lost: () => boolean;
  leave: () => void;
};

const LOOK_MS = 20;
const decode = createDecoder();

/** Opens all of them at one moment, through nginx like everybody. */
export function openVisitors({ cluster, room }: World, count: number): Visitor[] {
  return Array.from({ length: count }, () => {
    const began = performance.now();
    let tookMs: number | null = null;
    let lost = false;
    const connection = openConnection(cluster.target, { type: "hello", v: PROTOCOL_VERSION }, decode, {
      welcome: () => connection.send({ type: "join", room }),
      frame: (frame) => {
        if (frame.type === "joined") tookMs = performance.now() - began;
      },
      ended: () => {
        lost = true;
      },
    });
    return { cameIn: () => tookMs, lost: () => lost, leave: connection.close };
  });
}

/** Looks until something is so. @returns false when it is not after `limitMs`. */
export async function comesTrue(isSo: () => boolean, limitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + limitMs; !isSo(); await wait(LOOK_MS))
    if (performance.now() > deadline) return false;
  return true;
}
