/** A line to a server that a test can cut and mend, as a network or a restart would. */
import { connect, createServer, type Socket } from "node:net";
import { freePort } from "../../test/support/ports.ts";

export type Line = {
  url: (direct: string) => string;
  cut: () => void;
  mend: () => void;
  close: () => Promise<void>;
};

/** Opens a relay to whatever host and port the URL given to `url` names. */
export async function openLine(): Promise<Line> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let target: URL | null = null;
  let whole = true;
  const server = createServer((near) => {
    if (!whole || !target) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const drop = (): void => {
      for (const end of [near, far]) {
        end.destroy();
        sockets.delete(end);
      }
    };
    for (const end of [near, far]) {
      sockets.add(end);
      end.on("error", drop).on("close", drop);
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: (direct) => {
      target = new URL(direct);
      const through = new URL(direct);
      through.host = `127.0.0.1:${port}`;
      return through.href;
    },
    cut: () => {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      whole = true;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
