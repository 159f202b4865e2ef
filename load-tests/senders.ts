/** Sends messages at an even pace and records for each its due time, its acknowledgements and its refusals. */
import { setTimeout as wait } from "node:timers/promises";
import type { ServerFrame } from "../shared/server-frames.ts";

export type Senders = ReturnType<typeof createSenders>;
type Send = (clientId: string, text: string) => void;
type Message = { dueAt: number; acks: number; seq: number | undefined };

const TICK_MS = 2;
const RETRY_MS = 1_000;

export function createSenders({ count, messages, rate }: { count: number; messages: number; rate: number }) {
  const sent = new Map<string, Message>();
  const refusals = new Map<string, number>();
  const complaints: string[] = [];
  const sends: Send[] = [];
  let stopped = false;

  const textOf = (clientId: string): string => `message ${clientId}`;
  const send = (sender: number, clientId: string): void => sends[sender]?.(clientId, textOf(clientId));

  return {
    sent,
    refusals,
    complaints,
    dueAt: (clientId: string): number | undefined => sent.get(clientId)?.dueAt,

    answered(socket: number, frame: ServerFrame): void {
      if (frame.type === "ack") {
        const message = sent.get(frame.clientId);
        if (!message) return void complaints.push(`ack for ${frame.clientId}, which nobody sent`);
        if (message.acks > 0 && message.seq !== frame.seq)
          complaints.push(`${frame.clientId}: two acks, two seqs`);
        message.acks++;
        message.seq = frame.seq;
      } else if (frame.type === "refused") {
        refusals.set(frame.code, (refusals.get(frame.code) ?? 0) + 1);
        const { clientId } = frame;
        if (frame.code === "unavailable" && clientId)
          setTimeout(() => send(socket, clientId), frame.retryAfterMs ?? RETRY_MS);
      }
    },

    /** Resolves when the last message was sent, or after `stop`. The first `count` sockets send in turn. */
    async run(all: Send[]): Promise<void> {
      sends.push(...all.slice(0, count));
      const began = performance.now();
      for (let next = 0; next < messages && !stopped; await wait(TICK_MS)) {
        const due = Math.min(messages, Math.floor(((performance.now() - began) * rate) / 1_000) + 1);
        for (; next < due; next++) {
          const clientId = `m${next}`;
          sent.set(clientId, { dueAt: began + (next * 1_000) / rate, acks: 0, seq: undefined });
          send(next % count, clientId);
        }
      }
    },

    stop(): void {
      stopped = true;
    },

    acknowledged: () => [...sent.values()].filter(({ acks }) => acks > 0).length,
    acknowledgedTwice: () => [...sent.values()].filter(({ acks }) => acks > 1).length,
  };
}
