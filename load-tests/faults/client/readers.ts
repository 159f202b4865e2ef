/**
 * Users who follow a room on two devices each, and read there on both. They repeat their reads on each connection, as a page does. Keeps
 * what the cluster told each device.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { ServerFrame } from "../../../shared/server-frames.ts";
import { comesTrue } from "../../../shared/until.ts";
import { createDecoder } from "../../decode.ts";
import type { Minted } from "../../support/commands.ts";
import type { Address } from "./chat-connection.ts";
import { createReaderLog } from "./reader-log.ts";
import { createReconnectingClient, type Link } from "./reconnecting-client.ts";

export type Readers = ReturnType<typeof openReaders>;
type ReaderUser = { id: string; token: string; room: string };

const READ_EVERY_MS = 400;
const AGREE_WITHIN_MS = 30_000;

/** @param rooms the users are spread over them. */
export function openReaders(
  addresses: readonly Address[],
  users: readonly Minted[],
  rooms: readonly string[],
) {
  const pairs = users.map(({ user: { id }, accessToken: token }, index) => {
    const user = { id, token, room: rooms[index % rooms.length] ?? "" };
    return { user, devices: [0, 1].map((device) => openDevice(user, index * 2 + device)) };
  });
  const devices = pairs.flatMap((pair) => pair.devices);
  const timer = setInterval(() => {
    for (const device of devices) device.readOn();
  }, READ_EVERY_MS);

  return {
    /** How far each user has read at the end, by what both devices agree on. Call once everybody is silent. */
    async end(
      fronts: ReadonlyMap<string, number>,
    ): Promise<{ faults: string[]; reads: Map<ReaderUser, number> }> {
      clearInterval(timer);
      const faults: string[] = [];
      for (const { user, devices: both } of pairs) {
        const front = fronts.get(user.room) ?? 0;
        const agree = (): boolean => both.every((each) => each.told() >= front && each.unread() === 0);
        // One reads to the end; the other must hear of it.
        const settled = await comesTrue(
          async () => {
            both[0]?.read(front);
            await wait(READ_EVERY_MS);
            return agree();
          },
          { withinMs: AGREE_WITHIN_MS, everyMs: READ_EVERY_MS },
        );
        const told = both.map((each) => each.told());
        if (!settled || told[0] !== told[1])
          faults.push(
            `the devices of a reader of ${user.room} have read up to ${told.join(" and ")} of ${front}`,
          );
        faults.push(...both.flatMap((each) => each.faults));
      }
      return { faults, reads: new Map(pairs.map(({ user, devices: [one] }) => [user, one?.told() ?? 0])) };
    },
    leave(): void {
      clearInterval(timer);
      for (const device of devices) device.leave();
    },
  };

  function openDevice({ token, room }: ReaderUser, index: number) {
    const log = createReaderLog(`device ${index} in ${room}`);
    let [next, head, unread] = [index, 0, -1];
    const address = (): Address => addresses[next++ % addresses.length] as Address;
    const connections = createReconnectingClient(
      { address, token, decode: createDecoder() },
      { welcome, frame },
    );
    connections.connect();

    return {
      faults: log.faults,
      told: log.told,
      unread: () => unread,
      read,
      /** Reads a part of what is new. */
      readOn: () => read(Math.max(log.own(), head - (next++ % 3))),
      leave: connections.leave,
    };

    function welcome(link: Link): void {
      if (!connections.takeOver(link)) return;
      link.connection.send({ type: "follow", rooms: [room] });
      if (log.own() > 0) link.connection.send({ type: "read", room, seq: log.own() });
    }

    function read(seq: number): void {
      if (seq < 1) return;
      log.read(seq);
      connections.current()?.connection.send({ type: "read", room, seq });
    }

    function frame(link: Link, each: ServerFrame): void {
      if (each.type === "move") connections.move(each.withinMs);
      if (each.type === "refused" && each.room === undefined)
        connections.after(each.retryAfterMs ?? 1_000, () => welcome(link));
      const own = each.type === "heads" ? each.rooms.find((one) => one.room === room) : undefined;
      if (!own || link !== connections.current()) return;
      head = Math.max(head, own.head);
      unread = own.unread;
      log.heard(link.serial, own.read);
    }
  }
}
