/**
 * From bytes to handlers, each socket's frames one after the other; and from what handlers throw to what the client is
 * told. The only catch of what a frame causes: whatever it is, it ends that frame, or that socket, and nothing else.
 */

import type { ClientFrame } from "../../shared/client-frames.ts";
import { CLOSE, type FrameCode, REFUSALS, type RefusalCode } from "../../shared/codes.ts";
import { FRAME_BYTES } from "../../shared/limits.ts";
import { RETRY_AFTER_MS, Unavailable } from "../../shared/server/process/unavailable.ts";
import { Refusal } from "../errors.ts";
import type { ReportInternalError } from "../internal-errors.ts";
import { end, type Socket, send } from "./connection.ts";
import { parseBytes, parseFrame, type Raw } from "./decode.ts";
import type { FrameLimit } from "./frame-limit.ts";
import type { IdempotentRetries } from "./idempotency.ts";
import { refusal } from "./refused-frame.ts";

type Handler<F> = (socket: Socket, frame: F) => void | Promise<void>;
export type Handlers = { [T in ClientFrame["type"]]: Handler<Extract<ClientFrame, { type: T }>> };

/** The type of a known kind of frame, for the log: anything else could be anything. */
const typeOf = (raw: Raw): string => {
  const parsed = parseFrame(raw);
  return parsed.ok ? parsed.frame.type : "none";
};

/** Codes of HTTP alone have no meaning for a client that sent a frame: one that comes this far is a fault of ours. */
const isForFrames = (code: RefusalCode): code is FrameCode => REFUSALS[code].over !== "http";

/** Counts refusals. */
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
    const { authenticated, closed } = socket.getUserData();
    if (error instanceof Refusal && isForFrames(error.code)) {
      refuse(socket, raw, error.code, error.details.retryAfterMs);
      return;
    }
    const code = error instanceof Unavailable ? "unavailable" : "internal";
    if (code === "internal") onInternalError(error, "frame", { type: typeOf(raw) });
    if (closed) return;
    // A socket that could not be authenticated is no use to anyone: it comes back once the stores answer.
    if (authenticated) refuse(socket, raw, code, RETRY_AFTER_MS);
    else end(socket, CLOSE.overloaded, code);
  };

  /** Handles one frame; a promise only when it has to wait. */
  const handle = (socket: Socket, raw: Raw): void | Promise<void> => {
    const connection = socket.getUserData();
    const parsed = parseFrame(raw);
    if (!connection.authenticated && !(parsed.ok && parsed.frame.type === "hello")) {
      return end(socket, CLOSE.badFrame, "hello comes first");
    }
    if (!parsed.ok) return refuse(socket, raw, parsed.code);
    try {
      const handler = handlers[parsed.frame.type] as Handler<ClientFrame>;
      const result = handler(socket, parsed.frame);
      return result?.catch((error: unknown) => fail(socket, raw, error));
    } catch (error) {
      fail(socket, raw, error);
    }
  };

  /** Works off what waits, without a promise for frames that need none. */
  const work = (socket: Socket): void => {
    const connection = socket.getUserData();
    while (connection.open && !connection.busy) {
      const raw = connection.waiting?.shift();
      if (raw === undefined) break;
      const result = handle(socket, raw);
      if (!result) continue;
      connection.busy = true;
      inFlight++;
      void result.then(() => {
        inFlight--;
        connection.busy = false;
        work(socket);
      });
    }
    if (connection.waiting?.length === 0) connection.waiting = null;
  };

  /** Too fast, which is no reason to refuse what was accepted before. */
  const turnAway = async (socket: Socket, raw: Raw): Promise<void> => {
    const parsed = parseFrame(raw);
    const frame = parsed.ok ? parsed.frame : null;
    const mayRepeat = frame?.type === "send" || frame?.type === "delete";
    if (mayRepeat && (await retries.answer(socket, frame))) return;
    refuse(socket, raw, "too_fast", RETRY_AFTER_MS);
  };

  /** Those within the limit get their turn; of the others each is told. */
  const take = (socket: Socket, frames: Raw[]): void => {
    const connection = socket.getUserData();
    const pace = frameLimit.pace(connection, frames.length);
    if (pace === "flood") end(socket, CLOSE.flooding, "too many frames");
    else if (pace === "too_fast") {
      for (const raw of frames) turnAway(socket, raw).catch((error: unknown) => fail(socket, raw, error));
    } else {
      if (connection.waiting) connection.waiting.push(...frames);
      else connection.waiting = frames;
      work(socket);
    }
  };

  const receive = (socket: Socket, message: ArrayBuffer, isBinary: boolean): void => {
    const connection = socket.getUserData();
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
    /** Frames whose handling has begun and not ended, also those of sockets that are gone. */
    inFlight: (): number => inFlight,
  };
}
