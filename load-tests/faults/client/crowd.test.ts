import { afterEach, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { PROTOCOL_VERSION } from "../../../shared/limits.ts";
import { freePort } from "../../support/free-port.ts";
import { type Crowd, gather } from "./crowd.ts";

let server: WebSocketServer | undefined;
let crowd: Crowd | undefined;
afterEach(() => {
  crowd?.leave();
  server?.close();
});

const message = (room: string, seq: number) => ({
  type: "message",
  room,
  seq,
  at: 0,
  user: { id: "u", nickname: "n" },
  clientId: `m${seq}`,
  text: "x",
});
const joined = (room: string) => ({
  type: "joined",
  room,
  epoch: "e",
  head: 0,
  stored: 0,
  recovered: false,
  events: [],
});

/** A crowd at a server that sends `frames` to each client once it has joined. */
async function meet(rooms: string[], clients: number, frames: object[] = []): Promise<Crowd> {
  const port = await freePort();
  server = new WebSocketServer({ port, host: "127.0.0.1" });
  server.on("connection", (socket) =>
    socket.on("message", (bytes: Buffer) => {
      const { type, room } = JSON.parse(bytes.toString());
      if (type === "hello")
        socket.send(JSON.stringify({ type: "welcome", v: PROTOCOL_VERSION, connection: "c" }));
      if (type === "join") socket.send(JSON.stringify([joined(room), ...frames]));
    }),
  );
  const users = Array.from({ length: clients }, (_, index) => ({
    user: { id: `u${index}`, nickname: `n${index}`, role: "user" as const, email: "" },
    accessToken: `t${index}`,
  }));
  crowd = await gather({ addresses: [{ host: "127.0.0.1", port }], rooms, users, rate: 10_000 });
  return crowd;
}

it("the clients of a crowd are spread over its rooms evenly, each in one", async () => {
  const { membersOf, clients } = await meet(["one", "two", "three"], 7);
  expect(["one", "two", "three"].map((room) => membersOf(room).length)).toEqual([3, 2, 2]);
  expect(clients.every((client) => client.joined())).toBe(true);
});

it("the front of each room is its own", async () => {
  const { fronts } = await meet(["own", "other"], 4, [message("own", 1), message("own", 2)]);
  await vi.waitFor(() => expect(Object.fromEntries(fronts())).toEqual({ own: 2, other: 0 }));
});

it("a client notes the frames of rooms that it is not in, and shows none of them", async () => {
  const frames = [message("own", 1), message("other", 2), message("own", 2)];
  const { receiver, seq } = (await meet(["own"], 1, frames)).clients[0] ?? {};
  await vi.waitFor(() => expect(seq?.()).toBe(2));
  expect(receiver?.strays).toEqual(["message of other"]);
  expect(receiver?.pieces[0]?.events.map(({ room }) => room)).toEqual(["own", "own"]);
  expect([receiver?.gaps, receiver?.repeats]).toEqual([[], []]);
});

it("a client that is not answered says nothing more after some messages, so that it cannot bury a cluster", async () => {
  const { talk, stopTalking, clients } = await meet(["own"], 1);
  const talking = talk();
  await vi.waitFor(() => expect(clients[0]?.sentLog.pending()).toBe(30));
  stopTalking();
  await talking;
  expect(clients[0]?.sentLog.attempts).toHaveLength(30);
});
