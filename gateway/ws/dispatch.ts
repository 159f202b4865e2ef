/**
 * From bytes to handlers, one frame of a socket after the other, and from a handler's error to the answer. The only
 * catch around a frame: an error ends that frame, or that socket, and nothing else.
 */

import type { ClientFrame } from "../../shared/client-frames.ts";
import { CLOSE, type FrameCode, REFUSALS, type RefusalCode } from "../../shared/codes.ts";
import { FRAME_BYTES } from "../../shared/limits.ts";
import { RETRY_AFTER_MS, Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { end, type Socket, send, type Waiting } from "./connection.ts";
import { parseBytes, parseFrame, type Raw } from "./decode.ts";
import type { FrameLimit } from "./frame-limit.ts";
import type { IdempotentRetries } from "./idempotency.ts";
import { refusal } from "./refused-frame.ts";

/** `receivedAt`: by `performance.now()`. */
type Handler<F> = (socket: Socket, frame: F, receivedAt: number) => void | Promise<void>;
export type Handlers = { [T in ClientFrame["type"]]: Handler<Extract<ClientFrame, { type: T }>> };

/** The frame's type if it is a known one, for the log. Other text could be anything. */
const typeOf = (raw: Raw): string => {
  const parsed = parseFrame(raw);
  return parsed.ok ? parsed.frame.type : "none";
};

/** Codes of HTTP alone have no meaning in answer to a frame: one that comes this far is a bug. */
const isForFrames = (code: RefusalCode): code is FrameCode => REFUSALS[code].over !== "http";

export type OnRefused = (code: FrameCode) => void;
export type Dispatch = ReturnType<typeof createDispatch>;

export function createDispatch(
  handlers: Handlers,
  frameLimit: FrameLimit,
  retries: Pick<IdempotentRetries, "answer">,
  onRefused: OnRefused,
  onInternalError: ReportInternalError,
) {
  let inFlight = 0;

  const refuse = (socket: Socket, raw: Raw, code: FrameCode, retryAfterMs?: number): void => {
    onRefused(code);
    send(socket, refusal(raw, code, retryAfterMs));
  };

  const fail = (socket: Socket, raw: Raw, error: unknown): void => {
    const { authenticated, closed } = socket.getUserData().connection;
    if (error instanceof Refusal && isForFrames(error.code)) {
      refuse(socket, raw, error.code, error.details.retryAfterMs);
      return;
    }
    const code = error instanceof Unavailable ? "unavailable" : "internal";
    if (code === "internal") onInternalError(error, "frame", { type: typeOf(raw) });
    if (closed) return;
    // A socket that could not be authenticated is of no use: the client reconnects once the stores answer.
    if (authenticated) refuse(socket, raw, code, RETRY_AFTER_MS);
    else end(socket, CLOSE.overloaded, code);
  };

  /** @returns a promise only if the frame has to wait; it rejects with an error that `fail` has to answer. */
  const handle = (socket: Socket, { raw, receivedAt }: Waiting): void | Promise<void> => {
    const connection = socket.getUserData().connection;
    const parsed = parseFrame(raw);
    if (!connection.authenticated && !(parsed.ok && parsed.frame.type === "hello")) {
      return end(socket, CLOSE.badFrame, "hello comes first");
    }
    if (!parsed.ok) return refuse(socket, raw, parsed.code);
    try {
      const handler = handlers[parsed.frame.type] as Handler<ClientFrame>;
      return handler(socket, parsed.frame, receivedAt);
    } catch (error) {
      fail(socket, raw, error);
    }
  };

  /** Handles the waiting frames, without a promise for those that need none. */
  const work = (socket: Socket): void => {
    const connection = socket.getUserData().connection;
    while (connection.open && !connection.busy) {
      const next = connection.waiting?.shift();
      if (next === undefined) break;
      const result = handle(socket, next);
      if (!result) continue;
      connection.busy = true;
      inFlight++;
      const goOn = (): void => {
        inFlight--;
        connection.busy = false;
        work(socket);
      };
      void result.then(goOn, (error: unknown) => {
        fail(socket, next.raw, error);
        goOn();
      });
    }
    if (connection.waiting?.length === 0) connection.waiting = undefined;
  };

  /** Refuses a frame over the rate, unless it repeats one that was accepted before. */
  const turnAway = async (socket: Socket, raw: Raw): Promise<void> => {
    const parsed = parseFrame(raw);
    const frame = parsed.ok ? parsed.frame : undefined;
    const mayRepeat = frame?.type === "send" || frame?.type === "delete";
    if (mayRepeat && (await retries.answer(socket, frame))) return;
    refuse(socket, raw, "too_fast", RETRY_AFTER_MS);
  };

  /** Queues frames within the limit; each frame over it gets its own answer. */
  const take = (socket: Socket, frames: Raw[]): void => {
    const connection = socket.getUserData().connection;
    const pace = frameLimit.pace(connection, frames.length);
    if (pace === "flood") end(socket, CLOSE.flooding, "too many frames");
    else if (pace === "too_fast") {
      for (const raw of frames) turnAway(socket, raw).catch((error: unknown) => fail(socket, raw, error));
    } else {
      const receivedAt = performance.now();
      const waiting = frames.map((raw) => ({ raw, receivedAt }));
      if (connection.waiting) connection.waiting.push(...waiting);
      else connection.waiting = waiting;
      work(socket);
    }
  };

  const receive = (socket: Socket, message: ArrayBuffer, isBinary: boolean): void => {
    const connection = socket.getUserData().connection;
    if (!connection.open) return;
    const tooBig = message.byteLength > FRAME_BYTES;
    const frames = isBinary || tooBig ? undefined : parseBytes(message);
    if (tooBig) end(socket, CLOSE.tooBig, "frame too big");
    else if (!frames) end(socket, CLOSE.badFrame, "a JSON object, or an array of them");
    else if (frames.length + (connection.waiting?.length ?? 0) > frameLimit.maxWaiting) {
      end(socket, CLOSE.flooding, "too many frames at once");
    } else take(socket, frames);
  };

  return {
    receive,
    /** @returns how many frames are being handled, those of closed sockets included. */
    inFlight: (): number => inFlight,
  };
}
