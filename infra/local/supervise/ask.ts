/**
 * Questions to a process of this machine by HTTP, several a second, for as long as it runs: over a kept connection, and without Node's
 * client, which takes five times as long. Only for our own servers, whose answers tell their length.
 */
import { connect, type Socket } from "node:net";

type Question = { port: number; path: string; withinMs: number };
type Answer = { status: number; text: string };

/** The other side closed a kept connection in the moment of the question. */
class Lost extends Error {}

/** Connections without a question under way, by port. */
const kept = new Map<number, Socket[]>();
const MAX_KEPT = 2;
const HEAD_END = "\r\n\r\n";

/** @returns the answer to this GET. @throws Error without one within `withinMs`. */
export async function ask(port: number, path: string, withinMs: number): Promise<Answer> {
  const question = { port, path, withinMs };
  for (let socket = kept.get(port)?.pop(); socket; socket = kept.get(port)?.pop()) {
    try {
      return await askOver(socket, question);
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
    }
  }
  return askOver(open(port), question);
}

function open(port: number): Socket {
  const socket = connect({ host: "127.0.0.1", port });
  // Every question hears of the end by `close`.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    const others = kept.get(port)?.filter((each) => each !== socket) ?? [];
    kept.set(port, others);
  });
  return socket;
}

function askOver(socket: Socket, { port, path, withinMs }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // One character for each byte.
    let read = "";
    const late = setTimeout(() => fail(new Error("no answer in time")), withinMs);
    const onClose = (): void => fail(new Lost("the connection was closed"));
    const onData = (part: Buffer): void => {
      read += part.toString("latin1");
      const answer = answerIn(read);
      if (answer === undefined) return;
      leave();
      keep(port, socket);
      resolve(answer);
    };
    socket.ref();
    socket.on("data", onData);
    socket.once("close", onClose);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);

    function fail(error: Error): void {
      leave();
      socket.destroy();
      reject(error);
    }

    function leave(): void {
      clearTimeout(late);
      socket.off("data", onData);
      socket.off("close", onClose);
    }
  });
}

function keep(port: number, socket: Socket): void {
  const others = kept.get(port) ?? [];
  if (others.length >= MAX_KEPT || socket.destroyed) socket.destroy();
  // It keeps nobody alive who waits for nothing else.
  else kept.set(port, [...others, socket.unref()]);
}

/** @returns the answer once all of it is read. */
function answerIn(read: string): Answer | undefined {
  const end = read.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const head = read.slice(0, end);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const body = read.slice(end + HEAD_END.length);
  if (body.length < length) return undefined;
  const text = Buffer.from(body.slice(0, length), "latin1").toString();
  return { status: Number(head.slice(9, 12)), text };
}
