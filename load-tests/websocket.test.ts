import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { freePort } from "./support/free-port.ts";
import { openWebSocket } from "./websocket.ts";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
let server: Server | undefined;
afterEach(() => server?.close());

function upgraded(request: Buffer): Buffer {
  const [, key] = /sec-websocket-key: (\S+)/i.exec(request.toString()) ?? [];
  const accept = createHash("sha1").update(`${key}${GUID}`).digest("base64");
  return Buffer.from(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

/** A server that sends `bytes` after its answer to the upgrade, `step` at a time, and keeps everything it receives. */
async function meet(bytes: Buffer, step: number, answer = upgraded) {
  const texts: string[] = [];
  const received: Buffer[] = [];
  let far: Socket | undefined;
  server = createServer((socket) => {
    far = socket;
    socket.once("data", (request) => {
      const all = Buffer.concat([answer(request), bytes]);
      for (let at = 0; at < all.length; at += step) socket.write(all.subarray(at, at + step));
      socket.on("data", (chunk) => received.push(chunk));
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
  const closed = new Promise<number>((resolve, reject) => {
    const onText = (payload: Buffer): void => void texts.push(payload.toString());
    openWebSocket({ host: "127.0.0.1", port, onText, onClose: resolve }).catch(reject);
  });
  return { texts, received, closed, cut: () => far?.destroy() };
}

function frame(opcode: number, payload: Buffer): Buffer {
  const size = payload.length;
  const header =
    size < 126
      ? [size]
      : size < 65_536
        ? [126, size >> 8, size & 255]
        : [127, 0, 0, 0, 0, 0, size >> 16, (size >> 8) & 255, size & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...header]), payload]);
}
const closing = frame(8, Buffer.from([4001 >> 8, 4001 & 255]));

it.each([1, 7, 1_000_000])(
  "frames of every size are heard when they come in pieces of %i bytes",
  async (step) => {
    const sent = ["a", "한글".repeat(60), "x".repeat(70_000)];
    const bytes = Buffer.concat([...sent.map((text) => frame(1, Buffer.from(text))), closing]);
    const { texts, closed } = await meet(bytes, step);
    expect(await closed).toBe(4001);
    expect(texts).toEqual(sent);
  },
);

it("a line that is cut without a close frame ends with 1006", async () => {
  const { texts, closed, cut } = await meet(frame(1, Buffer.from("open")), 1_000);
  await vi.waitFor(() => expect(texts).toEqual(["open"]));
  cut();
  expect(await closed).toBe(1006);
});

it("an upgrade that is refused is an error with the server's status", async () => {
  const { closed } = await meet(Buffer.alloc(0), 1_000, () => Buffer.from("HTTP/1.1 403 Forbidden\r\n\r\n"));
  await expect(closed).rejects.toThrow("403");
});

it("a ping is answered with its own payload", async () => {
  const bytes = Buffer.concat([frame(9, Buffer.from("beat")), closing]);
  const { received, closed } = await meet(bytes, 1_000);
  await closed;
  expect(Buffer.concat(received).subarray(0, 10)).toEqual(
    Buffer.concat([Buffer.from([0x8a, 0x84, 0, 0, 0, 0]), Buffer.from("beat")]),
  );
});
