/** A TCP relay to a server on this machine, to break connections like a network, a proxy or a restart. */
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "./free-port.ts";

export type Relay = {
  readonly port: number;
  /** The same URL through the relay. */
  through(url: string): string;
  /**
   * From now on nothing passes on the open connections, and neither end notices, not even when the other closes; new
   * connections work. @returns how many are affected.
   */
  blackHole(which?: "all" | "marked"): number;
  /** Breaks the open connections and refuses new ones until `mend`. */
  cut(): void;
  /** Nothing passes until `mend`, and nothing is lost, like a server that is suspended for a while. */
  stall(): void;
  mend(): void;
  close(): Promise<void>;
};

type Pair = { near: Socket; far: Socket; isBlackHole: boolean; isMarked: boolean };

/** @param to a port on 127.0.0.1. @param mark marks the connections whose client sends something that matches. */
export async function startRelay(to: number, { mark }: { mark?: RegExp } = {}): Promise<Relay> {
  const port = await freePort();
  const pairs = new Set<Pair>();
  let isCut = false;
  let isStalled = false;
  const server = createServer(accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1" }, resolve);
  });

  return {
    port,
    through(url) {
      const through = new URL(url);
      through.host = `127.0.0.1:${port}`;
      return through.href;
    },
    blackHole(which = "all") {
      const hit = [...pairs].filter(({ isMarked }) => isMarked || which === "all");
      for (const pair of hit) pair.isBlackHole = true;
      return hit.length;
    },
    cut() {
      isCut = true;
      destroyAll();
    },
    stall() {
      isStalled = true;
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.pause();
    },
    mend() {
      isCut = false;
      isStalled = false;
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.resume();
    },
    close() {
      destroyAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };

  function accept(near: Socket): void {
    if (isCut) return void near.destroy();
    const far = connect(to, "127.0.0.1");
    const pair: Pair = { near, far, isBlackHole: false, isMarked: false };
    pairs.add(pair);
    near.on("data", (data) => {
      if (mark && !pair.isMarked) pair.isMarked = mark.test(data.toString("latin1"));
      if (!pair.isBlackHole) far.write(data);
    });
    far.on("data", (data) => {
      if (!pair.isBlackHole) near.write(data);
    });
    for (const socket of [near, far]) socket.on("error", drop).on("close", drop);
    if (isStalled) for (const socket of [near, far]) socket.pause();

    function drop(): void {
      if (!pair.isBlackHole) destroy(pair);
    }
  }

  function destroyAll(): void {
    for (const pair of pairs) destroy(pair);
  }

  function destroy(pair: Pair): void {
    pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  }
}
