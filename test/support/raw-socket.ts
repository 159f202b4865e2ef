/** A line to /ws on which a test writes whatever bytes it likes, behind the handshake. */
import { connect } from "node:net";

export async function rawUpgrade(url: string, headers: Record<string, string> = {}) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => socket.destroy());
  const lines = {
    host,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /ws HTTP/1.1\r\n${head.join("")}\r\n`);
  const answer = await new Promise<string>((resolve) =>
    socket.once("data", (data) => resolve(data.toString("latin1"))),
  );
  return {
    status: Number(answer.split(" ")[1]),
    write: (bytes: Buffer): void => void socket.write(bytes),
    /** Resolves when the other side ended the line. */
    ended,
  };
}
