import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openKafka } from "./client.ts";
import { KafkaUnavailable } from "./outages.ts";

let server: Server;
beforeEach(async () => {
  // As a broker that dies while somebody logs in.
  server = createServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => void server.close());

it("a connection that is lost while it logs in is an outage, and no error that ends the process", async () => {
  const uncaught: unknown[] = [];
  const listen = (error: unknown): void => void uncaught.push(error);
  process.on("uncaughtException", listen);
  const { port } = server.address() as AddressInfo;
  const kafka = openKafka(
    { brokers: [`127.0.0.1:${port}`], tls: false, login: { mechanism: "PLAIN", user: "u", password: "p" } },
    "test",
  );
  await expect(kafka.ping()).rejects.toBeInstanceOf(KafkaUnavailable);
  await kafka.close();
  process.off("uncaughtException", listen);
  expect(uncaught).toEqual([]);
});
