/** Refuses a message that came behind an awaited one, unless it was accepted before: then its client may know that, and would not send it again. */
import type { Send } from "../../shared/client-frames.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Socket } from "./connection.ts";
import type { IdempotentRetries } from "./idempotency.ts";
import { type Behind, forgetAwaited } from "./message-order.ts";

type Retries = Pick<IdempotentRetries, "answer">;

/** @throws the refusal. Resolves when the message was acknowledged again. */
export async function refuseBehind(
  socket: Socket,
  frame: Send,
  { refusal, isNew }: Behind,
  retries: Retries,
): Promise<void> {
  if (!isNew || !(await wasAccepted(socket, frame, retries))) throw refusal;
  forgetAwaited(socket.getUserData().connection, frame);
}

/** Unknown counts as not accepted. */
async function wasAccepted(socket: Socket, frame: Send, retries: Retries): Promise<boolean> {
  try {
    return await retries.answer(socket, frame);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return false;
  }
}
