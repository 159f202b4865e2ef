/** One seat of the driver: its socket, joined to its room, with the answers to its own messages. */
import type { Dialect, Seat } from "../dialect.ts";
import { openRawSocket, type RawSocket } from "./raw-socket.ts";
import type { Tally } from "./tally.ts";
import { MARK, senderOf } from "./text.ts";

export type Member = { seat: Seat; say: (text: string) => void; cut: () => void };
type Needs = { dialect: Dialect; tally: Tally; number: number };

const JOIN_WITHIN_MS = 15_000;
const HOST = "127.0.0.1";

/** @returns a member that has joined. @throws Error when it was not let in in time. */
export async function openMember(seat: Seat, { dialect, tally, number }: Needs): Promise<Member> {
  const { path, acknowledged, refused, heartbeat } = dialect;
  let waitsFor: string | undefined;
  let arrived: () => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  let last = "";
  let isOpen = true;
  let said = 0;
  /** Messages without an answer: while there are none, nothing is searched for. */
  let pending = 0;

  const { port, localAddress } = seat;
  const address = { host: HOST, port, path: path(seat), ...(localAddress ? { localAddress } : {}) };
  const socket: RawSocket = await openRawSocket(address, onText, () => {
    isOpen = false;
    failed(new Error(`closed after ${last.slice(0, 200)}`));
  });
  for (const { write, until } of dialect.steps(seat)) await step(write, until);
  return { seat, say, cut: socket.cut };

  function say(text: string): void {
    if (!isOpen) return;
    pending++;
    socket.send(dialect.say(seat, text, said++));
  }

  async function step(write: string[], until: string): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      arrived = resolve;
      failed = reject;
    });
    waitsFor = until;
    const timer = setTimeout(
      () => failed(new Error(`not joined in time, after ${last.slice(0, 200)}`)),
      JOIN_WITHIN_MS,
    );
    for (const frame of write) socket.send(frame);
    await done.finally(() => clearTimeout(timer));
  }

  function onText(buffer: Buffer, from: number, to: number): void {
    if (waitsFor !== undefined) join(buffer.toString("latin1", from, to), waitsFor);
    if (heartbeat?.heard.length === to - from && buffer.toString("latin1", from, to) === heartbeat.heard)
      socket.send(heartbeat.answer);
    if (pending > 0) {
      const answers = acknowledged ? occurrences(buffer, from, to, acknowledged) : ownIn(buffer, from, to);
      const refusals = refused ? occurrences(buffer, from, to, refused) : 0;
      tally.counts.acknowledged += answers;
      tally.counts.refused += refusals;
      pending -= answers + refusals;
    }
    tally.deliver(buffer, from, to);
  }

  function join(text: string, until: string): void {
    last = text;
    if (!text.includes(until)) return;
    waitsFor = undefined;
    arrived();
  }

  function ownIn(buffer: Buffer, from: number, to: number): number {
    let count = 0;
    for (let at = buffer.indexOf(MARK, from); at >= 0 && at < to; at = buffer.indexOf(MARK, at + 1))
      if (senderOf(buffer, at) === number) count++;
    return count;
  }
}

function occurrences(buffer: Buffer, from: number, to: number, text: string): number {
  let count = 0;
  const part = buffer.subarray(from, to);
  for (let at = part.indexOf(text, 0, "latin1"); at >= 0; at = part.indexOf(text, at + 1, "latin1")) count++;
  return count;
}
