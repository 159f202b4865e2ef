/** Raw bytes over a connection, for slow or malformed HTTP. */
import { connect } from "node:net";

export type Ended = { said: string; afterMs: number };

/**
 * Writes `begin`, then `drip` once a second until the other side ends the connection.
 * @returns the answer, and the life of the connection.
 */
export function dripTo(url: string, begin: string, drip = ""): Promise<Ended> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  const socket = connect(Number(port), hostname);
  const said: string[] = [];
  socket.write(begin);
  const timer = setInterval(() => socket.writable && socket.write(drip), 1_000);
  socket.on("data", (data) => said.push(data.toString("latin1")));
  socket.on("error", () => socket.destroy());
  return new Promise((resolve) => {
    socket.once("close", () => {
      clearInterval(timer);
      resolve({ said: said.join(""), afterMs: performance.now() - began });
    });
  });
}

/** The status of one answer; closes the connection after it. */
export async function statusOf(url: string, request: string): Promise<number> {
  const { said } = await dripTo(url, request);
  return Number(said.split(" ")[1]);
}
