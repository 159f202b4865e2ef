/** Hashes passwords outside the event loop: one thread, a short queue, and a refusal beyond it. */
import { Worker } from "node:worker_threads";
import { isWeakerHash } from "../../../shared/server/identity/password-parameters.ts";
import { Refusal } from "../../errors.ts";

/** Hashes the password, or compares it with a hash; undefined: with an unknown user's. */
export type Job = Question & { id: number };
type Question =
  | { act: "hash"; password: string }
  | { act: "verify"; password: string; hash: string | undefined };
export type Outcome = { id: number; hash: string } | { id: number; matches: boolean };

export type Passwords = ReturnType<typeof createPasswords>;

/** A hash takes some 20 to 80 ms, and gateways of one host take turns: a queued log-in waits a few seconds at most. */
const MAX_QUEUED = 16;
const RETRY_AFTER_MS = 1_000;

/** Starts the thread. A thread that fails is a bug and ends the process. */
export function createPasswords() {
  const thread = new Worker(new URL("./hasher-thread.ts", import.meta.url));
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let lastId = 0;

  thread.unref();
  thread.on("message", (outcome: Outcome) => {
    waiting.get(outcome.id)?.(outcome);
    waiting.delete(outcome.id);
  });
  thread.on("error", (error) => {
    throw error;
  });

  return {
    /** To be called first, so that a flood costs neither Redis nor PostgreSQL. @throws Refusal `too_many_attempts`. */
    refuseWhenFull,

    /**
     * @returns the encoded Argon2id hash with parameters and salt.
     * @throws Refusal `too_many_attempts` when the queue is full.
     */
    async hash(password: string): Promise<string> {
      const outcome = await ask({ act: "hash", password });
      if (!("hash" in outcome)) throw new Error("the password thread answered another question");
      return outcome.hash;
    },

    /**
     * @param hash undefined (no such user) takes as long and is false.
     * @returns whether the password matches.
     * @throws as `hash`.
     */
    async verify(hash: string | undefined, password: string): Promise<boolean> {
      const outcome = await ask({ act: "verify", password, hash });
      if (!("matches" in outcome)) throw new Error("the password thread answered another question");
      return outcome.matches;
    },

    isWeaker: isWeakerHash,

    close: (): Promise<number> => thread.terminate(),
  };

  function refuseWhenFull(): void {
    if (waiting.size >= MAX_QUEUED) throw new Refusal("too_many_attempts", { retryAfterMs: RETRY_AFTER_MS });
  }

  function ask(question: Question): Promise<Outcome> {
    refuseWhenFull();
    const id = ++lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      thread.postMessage({ id, ...question } satisfies Job);
    });
  }
}
