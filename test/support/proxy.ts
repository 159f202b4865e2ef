/** A line between two parts that a test can make lose everything, without either end being told. */
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "./ports.ts";

export type Proxy = Awaited<ReturnType<typeof startProxy>>;

/** @param target port on 127.0.0.1. */
export async function startProxy(target: number) {
  const port = await freePort();
  const lines = new Set<Socket>();
  const swallowed = new Set<Socket>();
  let cut = false;
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    const pass = (from: Socket, to: Socket): void => {
      lines.add(from);
      if (cut) swallowed.add(from);
      from.on("data", (data) => {
        if (!swallowed.has(from)) to.write(data);
      });
      from.on("error", () => from.destroy());
      from.on("close", () => {
        lines.delete(from);
        to.destroy();
      });
    };
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port,
    /** From now on nothing passes on the lines that are open; new ones are whole. */
    blackhole(): void {
      for (const line of lines) swallowed.add(line);
    },
    /** Breaks the lines that are open; until `mend` nothing passes on new ones either. */
    cut(): void {
      cut = true;
      for (const line of lines) line.destroy();
    },
    /** New lines are whole again. */
    mend(): void {
      cut = false;
    },
    close(): Promise<void> {
      for (const line of lines) line.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
