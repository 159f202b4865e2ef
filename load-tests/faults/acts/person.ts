/** The target of acts by moderators: sends one message at a time on a reconnecting connection, and records answers. */
import { setTimeout as wait } from "node:timers/promises";
import type { ClientFrame } from "../../../shared/client-frames.ts";
import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import type { ServerFrame } from "../../../shared/server-frames.ts";
import { type Address, type Connection, type Decode, openConnection } from "../client/chat-connection.ts";
import type { Try } from "./acts-on-people.ts";

export type Person = ReturnType<typeof openPerson>;
type Asked = Extract<ClientFrame, { type: "send" | "delete" }>;

const RETRY_MS = 300;
/** After this time the outcome is unknown, and the judge allows both. */
const ANSWER_MS = 3_000;

export function openPerson(address: Address, token: string, room: string, index: number, decode: Decode) {
  const tries: Try[] = [];
  const seqs = new Map<string, number>();
  const waiting = new Map<string, (acked: boolean) => void>();
  let connection: Connection | undefined;
  let joined = false;
  let left = false;
  open();

  return {
    tries,
    joined: (): boolean => joined,
    /** @returns the seq if it was acknowledged. */
    say: (clientId: string): Promise<number | undefined> =>
      ask({ type: "send", room, clientId, text: clientId }),
    remove: (clientId: string, seq: number): Promise<number | undefined> =>
      ask({ type: "delete", room, clientId, seq }),
    leave(): void {
      left = true;
      connection?.close();
    },
  };

  function open(): void {
    joined = false;
    if (left) return;
    const opened = openConnection(address, { type: "hello", v: PROTOCOL_VERSION, token }, decode, {
      welcome: () => opened.send({ type: "join", room }),
      frame: (frame) => onFrame(opened, frame),
      ended: () => void setTimeout(open, RETRY_MS),
    });
    connection = opened;
  }

  function onFrame(opened: Connection, frame: ServerFrame): void {
    if (frame.type === "joined") joined = true;
    else if (frame.type === "ack") {
      seqs.set(frame.clientId, frame.seq);
      waiting.get(frame.clientId)?.(true);
    } else if (frame.type === "refused" && frame.clientId !== undefined) waiting.get(frame.clientId)?.(false);
    else if (frame.type === "refused" && !joined)
      setTimeout(() => opened.send({ type: "join", room }), RETRY_MS);
    else if (frame.type === "move") {
      opened.close();
      setTimeout(open, RETRY_MS);
    }
  }

  async function ask(frame: Asked): Promise<number | undefined> {
    const { clientId } = frame;
    const kind = frame.type === "send" ? "say" : "delete";
    const at = performance.now();
    const one: Try = { kind, person: index, clientId, at, answeredAt: undefined, acked: false };
    tries.push(one);
    const answered = new Promise<void>((resolve) => {
      waiting.set(clientId, (acked) => {
        Object.assign(one, { answeredAt: performance.now(), acked });
        resolve();
      });
    });
    connection?.send(frame);
    await Promise.race([answered, wait(ANSWER_MS)]);
    waiting.delete(clientId);
    return seqs.get(clientId);
  }
}
