/**
 * The thread that hashes, one password at a time. It runs below the priority of the event loop and takes turns with the
 * other gateways of this host, so that a flood of log-ins uses at most half of the host's cores, however many gateways
 * it has.
 */
import { randomBytes } from "node:crypto";
import { availableParallelism, constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { hashSync, verifySync } from "@node-rs/argon2";
import { ARGON2 } from "../../../shared/server/identity/password-parameters.ts";
import type { Job, Outcome } from "./hasher.ts";
import { createHostSlots } from "./host-slots.ts";

// Linux gives each thread its own priority; elsewhere this would slow the whole gateway.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

/** Compared with the password of an unknown user: the same work, and no password matches. */
const nobody = hashSync(randomBytes(32), ARGON2);

const slots = createHostSlots("passwords", Math.max(1, Math.floor(availableParallelism() / 2)));

async function answer(job: Job): Promise<void> {
  const release = await slots.take();
  const { id, password } = job;
  const outcome: Outcome =
    job.act === "hash"
      ? { id, hash: hashSync(password, ARGON2) }
      : { id, matches: verifySync(job.hash ?? nobody, password) && job.hash !== undefined };
  parentPort?.postMessage(outcome);
  await release();
}

let last: Promise<void> = Promise.resolve();
parentPort?.on("message", (job: Job) => {
  last = last.then(() => answer(job));
});
