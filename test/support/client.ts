/**
 * A chat client for tests: sends frames and waits for frames. It keeps all received frames, arrays taken apart, and
 * checks each against the contract: a frame of another form fails every wait.
 */
import type { ClientFrame } from "../../shared/client-frames.ts";
import type { MessageEvent as RoomMessage, ServerFrame } from "../../shared/server-frames.ts";
import { breachOf } from "./contract.ts";

type FrameOf<T extends ServerFrame["type"]> = Extract<ServerFrame, { type: T }>;
export type TestClient = Awaited<ReturnType<typeof connect>>;

const PATIENCE_MS = 30_000;

/** @param url of nginx or of a gateway, `http://…`. Resolves when the socket is open; nothing is sent yet. */
export async function connect(url: string, headers: Record<string, string> = {}) {
  const frames: ServerFrame[] = [];
  const watchers = new Set<() => void>();
  const address = `${url.replace(/^http/, "ws")}/ws`;
  // Node's client accepts headers besides the standard's arguments.
  const socket = new WebSocket(address, { headers } as unknown as string[]);
  let closed: number | null = null;
  let breach: string | undefined;
  const changed = (): void => {
    for (const watcher of [...watchers]) watcher();
  };
  socket.addEventListener("message", ({ data }) => {
    const received = [JSON.parse(String(data))].flat() as ServerFrame[];
    breach ??= received.map(breachOf).find((each) => each !== undefined);
    frames.push(...received);
    changed();
  });
  socket.addEventListener("close", ({ code }) => {
    closed = code;
    changed();
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error(`could not connect to ${address}`)));
  });

  /** Waits until `look` finds something. @throws Error with the received frames when the connection has ended, or after the timeout. */
  const until = <T>(what: string, look: () => T | undefined | null | false): Promise<T> =>
    new Promise((resolve, reject) => {
      const attempt = (): void => {
        const found = look();
        if (breach !== undefined) fail(`a frame that is none of the contract: ${breach}`);
        else if (found) {
          release();
          resolve(found);
        } else if (closed !== null) fail(`never saw ${what} before the end, ${closed}; ${lastFrames()}`);
      };
      const timer = setTimeout(() => fail(`never saw ${what}; ${lastFrames()}`), PATIENCE_MS);
      watchers.add(attempt);
      attempt();

      function release(): void {
        clearTimeout(timer);
        watchers.delete(attempt);
      }
      function fail(words: string): void {
        release();
        reject(new Error(words));
      }
    });
  const lastFrames = (): string => `the last of ${frames.length}: ${JSON.stringify(frames.slice(-5))}`;

  return {
    frames,
    get closed(): number | null {
      return closed;
    },
    say: (...said: ClientFrame[]): void => socket.send(JSON.stringify(said.length === 1 ? said[0] : said)),
    /** Sends any bytes, unchecked. */
    raw: (data: string | Uint8Array): void => socket.send(data),
    until,
    /** Resolves with the first matching frame of a type, received already or later. */
    sees: <T extends ServerFrame["type"]>(type: T, fits: (frame: FrameOf<T>) => boolean = () => true) =>
      until(type, () =>
        frames.find((frame): frame is FrameOf<T> => frame.type === type && fits(frame as FrameOf<T>)),
      ),
    all: <T extends ServerFrame["type"]>(type: T): FrameOf<T>[] =>
      frames.filter((frame): frame is FrameOf<T> => frame.type === type),
    /** Messages in the order received, those in `joined` included. */
    messages: (): RoomMessage[] =>
      frames
        .flatMap((frame) => (frame.type === "joined" ? frame.events : [frame]))
        .filter((frame): frame is RoomMessage => frame.type === "message"),
    closes: () => until("the end of the connection", () => closed !== null).then(() => closed),
    close(): void {
      socket.close();
    },
  };
}

/** A client that has sent `hello` and joined the room. */
export async function enter(url: string, { token, room = "lobby" }: { token?: string; room?: string } = {}) {
  const client = await connect(url);
  client.say({ type: "hello", v: 1, kinds: "all", ...(token ? { token } : {}) }, { type: "join", room });
  const joined = await client.sees("joined");
  return Object.assign(client, { room, joined });
}
