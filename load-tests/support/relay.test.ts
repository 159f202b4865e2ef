import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { comesTrue, until } from "../../shared/until.ts";
import { type Relay, startRelay } from "./relay.ts";

let echo: Server;
let accepted: Socket[];
let relay: Relay;
const clients: Socket[] = [];

beforeEach(async () => {
  accepted = [];
  echo = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => undefined).pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(echo, "listening");
  relay = await startRelay((echo.address() as AddressInfo).port, { mark: /subscribe/i });
});
afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy();
  await relay.close();
  echo.close();
});

/** A client that has received the echo of its first word. */
async function open(word: string) {
  const socket = connect(relay.port, "127.0.0.1");
  clients.push(socket);
  let heard = "";
  socket
    .on("error", () => undefined)
    .on("data", (data) => {
      heard += String(data);
    });
  socket.write(word);
  await until("an echo", () => heard === word);
  return { socket, heard: () => heard };
}
const QUIET = { withinMs: 150, everyMs: 10 };

it("passes on both ways, under the same URL but for the address", async () => {
  const { heard } = await open("hello");
  expect(heard()).toBe("hello");
  expect(relay.through("redis://:p@127.0.0.1:6379/0")).toBe(`redis://:p@127.0.0.1:${relay.port}/0`);
});

it("a black hole passes nothing and tells neither end when the other closes; new connections work", async () => {
  const { socket, heard } = await open("a");
  expect(relay.blackHole()).toBe(1);
  socket.write("b");
  socket.destroy();
  expect(await comesTrue(() => accepted[0]?.destroyed === true || heard() !== "a", QUIET)).toBe(false);
  await open("c");
});

it("marked connections become a black hole without the others", async () => {
  const marked = await open("SUBSCRIBE news");
  const other = await open("ping");
  expect(relay.blackHole("marked")).toBe(1);
  marked.socket.write("!");
  other.socket.write("!");
  await until("the other's echo", () => other.heard() === "ping!");
  expect(marked.heard()).toBe("SUBSCRIBE news");
});

it("a cut breaks the open connections and refuses new ones until it is mended", async () => {
  const { socket } = await open("a");
  const closed = once(socket, "close");
  relay.cut();
  await closed;
  const refused = connect(relay.port, "127.0.0.1").on("error", () => undefined);
  await once(refused, "close");
  relay.mend();
  await open("b");
});
