import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { ask } from "./ask.ts";

let server: Server;
let sockets: Socket[];

/** @param hangs whether it answers nothing. */
async function serve(hangs = false): Promise<number> {
  sockets = [];
  server = createServer(({ url }, response) => {
    if (hangs) return;
    const text = `안녕 ${url}`;
    response.writeHead(url === "/no" ? 503 : 200, { "content-length": Buffer.byteLength(text) });
    // In two pieces, and amid a character.
    response.write(Buffer.from(text).subarray(0, 1));
    setTimeout(() => response.end(Buffer.from(text).subarray(1)), 20);
  });
  server.on("connection", (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it("questions that follow one another go over one connection, those at once each over their own", async () => {
  const port = await serve();
  expect(await ask(port, "/yes", 2_000)).toEqual({ status: 200, text: "안녕 /yes" });
  expect(await ask(port, "/no", 2_000)).toEqual({ status: 503, text: "안녕 /no" });
  expect(sockets).toHaveLength(1);
  const both = await Promise.all([ask(port, "/a", 2_000), ask(port, "/b", 2_000)]);
  expect(both.map(({ text }) => text)).toEqual(["안녕 /a", "안녕 /b"]);
  expect(sockets).toHaveLength(2);
});

it("a kept connection that the other side closes is replaced, also in the moment of the question", async () => {
  const port = await serve();
  await ask(port, "/", 2_000);
  sockets[0]?.destroy();
  expect((await ask(port, "/", 2_000)).status).toBe(200);
  expect(sockets).toHaveLength(2);
});

it("without an answer in time, and without a server, there is an error", async () => {
  const port = await serve(true);
  await expect(ask(port, "/", 100)).rejects.toThrow("no answer in time");
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await expect(ask(port, "/", 2_000)).rejects.toThrow("closed");
});
