/** The thread that hashes: synchronous, one password at a time, below the priority of the event loop beside it. */
import { randomBytes } from "node:crypto";
import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { hashSync, verifySync } from "@node-rs/argon2";
import { ARGON2 } from "./argon2-parameters.ts";
import type { Job, Outcome } from "./passwords.ts";

// Linux gives a thread a priority of its own; elsewhere this would slow the whole gateway.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

/** What an unknown user's password is compared with: the same work, and no password leads to it. */
const nobody = hashSync(randomBytes(32), ARGON2);

parentPort?.on("message", ({ id, password, hash }: Job) => {
  const outcome: Outcome =
    hash === undefined
      ? { id, hash: hashSync(password, ARGON2) }
      : { id, matches: verifySync(hash ?? nobody, password) && hash !== null };
  parentPort?.postMessage(outcome);
});
