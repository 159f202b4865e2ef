/**
 * A semaphore over all processes of a host. A slot is an address in Linux' abstract namespace: one process can listen
 * on it, and the kernel frees it when that process ends in any way. A container with its own network counts as a host.
 * Elsewhere than on Linux nothing is limited.
 */
import { connect, createServer, type Socket } from "node:net";

type Release = () => Promise<void>;
type HostSlots = { take: () => Promise<Release> };

/** A process that was stopped while it held a slot must not stop the others. */
const PATIENCE_MS = 2_000;
const FREE: Release = async () => undefined;

/** @param name of the semaphore; processes of another user have slots of their own. */
export function createHostSlots(name: string, count: number, patienceMs = PATIENCE_MS): HostSlots {
  const addresses = Array.from(
    { length: count },
    (_, index) => `\0suda-${process.getuid?.() ?? ""}-${name}-${index}`,
  );

  return {
    /**
     * Waits for a slot, but no longer than `patienceMs`: then the work may start without one. Release it right after
     * the work.
     */
    async take(): Promise<Release> {
      if (process.platform !== "linux") return FREE;
      for (const deadline = performance.now() + patienceMs; ; ) {
        const release = await seizeAny();
        const leftMs = deadline - performance.now();
        if (release || leftMs <= 0) return release ?? FREE;
        await anyFreed(addresses, leftMs);
      }
    },
  };

  async function seizeAny(): Promise<Release | undefined> {
    for (const address of addresses) {
      const release = await seize(address);
      if (release) return release;
    }
    return undefined;
  }
}

/** @returns undefined when another process has it. */
function seize(address: string): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => waiting.delete(socket));
    });
    const release: Release = () =>
      new Promise((released) => {
        server.close(() => released());
        // A closed connection tells waiting processes that the slot is free.
        for (const socket of waiting) socket.destroy();
      });
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(release));
  });
}

/** Resolves when a slot is released, or after `withinMs`. */
function anyFreed(addresses: readonly string[], withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const lines = addresses.map((address) => connect(address));
    const end = (): void => {
      clearTimeout(timer);
      for (const line of lines) line.destroy();
      resolve();
    };
    const timer = setTimeout(end, withinMs);
    for (const line of lines) {
      line.on("error", () => line.destroy());
      line.once("close", end);
    }
  });
}
