/**
 * A bound over all processes of a host: so many may work at a time. A slot is an address in Linux' abstract namespace, which
 * one process can listen on and which the kernel frees when that process ends, however it ends. Containers with a network
 * of their own count as hosts; elsewhere than on Linux nothing is bounded.
 */
import { connect, createServer, type Socket } from "node:net";

type Release = () => Promise<void>;
type HostSlots = { take: () => Promise<Release> };

/** A process that was stopped while it held a slot must not stop the others. */
const PATIENCE_MS = 2_000;
const FREE: Release = async () => undefined;

/** @param name what is bounded; another user's processes have slots of their own. */
export function createHostSlots(name: string, count: number, patienceMs = PATIENCE_MS): HostSlots {
  const addresses = Array.from(
    { length: count },
    (_, index) => `\0suda-${process.getuid?.() ?? ""}-${name}-${index}`,
  );

  return {
    /** Waits for a slot, `patienceMs` at most: then it is as if there had been one. Release it as soon as the work is done. */
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

  async function seizeAny(): Promise<Release | null> {
    for (const address of addresses) {
      const release = await seize(address);
      if (release) return release;
    }
    return null;
  }
}

/** Null: somebody else has it. */
function seize(address: string): Promise<Release | null> {
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
        // Their end tells those who wait that the slot is free.
        for (const socket of waiting) socket.destroy();
      });
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(null);
      else reject(error);
    });
    server.listen(address, () => resolve(release));
  });
}

/** Resolves when a holder lets go, or after `withinMs`. */
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
