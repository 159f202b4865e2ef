/** One member in each of many rooms. Members join and send like pages: they retry while the room is unavailable. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerFrame } from "../shared/server-frames.ts";
import { ACK_PATIENCE_MS } from "../shared/timeouts.ts";
import { createDecoder } from "./decode.ts";
import { type Client, type ClientOptions, openClient } from "./driver.ts";

/** The wait if the refusal names none. */
const RETRY_MS = 1_000;
/** A member without an answer for this long stops the measurement. */
const GIVE_UP_MS = 60_000;

type Member = { client?: Client; hear: (frame: ServerFrame) => void };

/** @param rooms the name of each member's room. @param tokens of each member's user. */
export function createMembers(address: ClientOptions["address"], rooms: string[], tokens: string[]) {
  const closes: number[] = [];
  const decode = createDecoder();
  const members = rooms.map((): Member => ({ hear: () => undefined }));
  let tries = 0;

  return {
    /** Resolves when the nth member has joined. @param afterMs delay before the first try. */
    async join(n: number, afterMs: number): Promise<void> {
      await sleep(afterMs);
      const [member, room = "", token = ""] = [members[n], rooms[n], tokens[n]];
      for (const since = performance.now(); member && !member.client; ) {
        tries++;
        try {
          member.client = await openClient({
            ...{ address, token, room, decode, hear: (frame: ServerFrame) => member.hear(frame) },
            closed: (code) => closes.push(code),
          });
        } catch (error) {
          if (performance.now() - since > GIVE_UP_MS) throw error;
          await sleep(RETRY_MS);
        }
      }
    },

    /** Resolves when a message of the nth member was acknowledged. @param text also its client id. */
    async talk(n: number, text: string): Promise<void> {
      const member = members[n];
      for (const since = performance.now(); member; ) {
        const waitMs = await sayOnce(member, text);
        if (waitMs === 0) return;
        if (performance.now() - since > GIVE_UP_MS) throw new Error(`no word in room ${rooms[n]}`);
        await sleep(waitMs);
      }
    },

    tries: () => tries,
    /** The close codes of all sockets closed so far. */
    closes: () => [...closes],
    leave(): void {
      for (const { client } of members) client?.close();
    },
  };
}

/** @returns 0 if the message was acknowledged, otherwise the ms until the retry. */
async function sayOnce(member: Member, text: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const timer = setTimeout(() => resolve(RETRY_MS), ACK_PATIENCE_MS);
  member.hear = (frame) => {
    if (frame.type === "ack" && frame.clientId === text) resolve(0);
    else if (frame.type === "refused" && frame.clientId === text) resolve(frame.retryAfterMs ?? RETRY_MS);
  };
  member.client?.send(text, text);
  const waitMs = await promise;
  clearTimeout(timer);
  return waitMs;
}
