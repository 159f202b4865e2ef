/** Faults between the clients and the gateways: of nginx, of the network, and badly behaved clients. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Fault, type FaultContext, lasting } from "./fault.ts";

const CUTTING_MS = 8_000;
/** The maximum age of the status. */
const STATUS_AGE_MS = 2_500;
/** On average one message in this many is followed by a cut of the connection. */
const CUT_EVERY = 20;
/** Clients that go on reading: enough to prove that they are not harmed. At least a quarter of all stop. */
const READING = 100;
const READERS_SHARE = 0.25;
const READERS_MAX = 500;
/** This many continue to read. The others find their connection dead, like a tab after a long sleep. */
const READING_ON = 20;
/** The pause between waking two clients, because this process reads for all of them and must not be the bottleneck. */
const WAKING_MS = 5;
/** Long enough for the worker to write the last events and to let the room leave; clients come back within the second time. */
const AWAY_MS = 4_000;
const COMING_BACK_MS = 500;
const AWAY_TIMES = 2;
/** Long enough to fill the buffers of the kernel and nginx. */
const READERS_MS = 60_000;

export const CLIENT_FAULTS: Fault[] = [
  {
    name: "nginx-reload",
    about: "nginx takes a new configuration",
    target: "nginx",
    resumes: true,
    within: { silenceMax: 1_000 },
    inject: async ({ cluster }) => {
      await cluster.signal("nginx", "SIGHUP");
    },
  },
  {
    name: "nginx-kill",
    about: "SIGKILL of nginx: every connection breaks",
    target: "nginx",
    inject: async ({ cluster }) => {
      await cluster.signal("nginx", "SIGKILL");
    },
  },
  {
    name: "storm",
    about: "all clients lose their connections at once",
    target: "clients",
    within: { recoveredP99: 10_000 },
    inject: async ({ crowd }) => {
      for (const client of crowd.clients) client.cut();
    },
  },
  {
    name: "cut-before-ack",
    about: "clients cut the line after they have sent, before they are answered",
    target: "clients",
    inject: async (context) => {
      const { crowd, random } = context;
      crowd.afterSaying((client) => {
        if (random.next() < 1 / CUT_EVERY) setTimeout(client.cut, random.between(0, 5));
      });
      await wait(lasting(context, CUTTING_MS));
      crowd.afterSaying(undefined);
    },
  },
  {
    name: "everybody-away",
    about: "everybody goes, the room leaves Redis, and all come back at once",
    target: "clients",
    resumes: true,
    inject: async ({ cluster, crowd, random }) => {
      const before = roomsThatLeft(cluster.data);
      for (let times = 0; times < AWAY_TIMES; times++) {
        for (const client of crowd.clients) client.stayAway(AWAY_MS + random.between(0, COMING_BACK_MS));
        await wait(AWAY_MS + 2 * COMING_BACK_MS);
      }
      if (roomsThatLeft(cluster.data) < before + AWAY_TIMES) throw new Error("the room did not leave Redis");
    },
  },
  {
    name: "slow-readers",
    about: "all clients but 100 stop reading, at most 500",
    target: "clients",
    within: { silenceMax: 2_000 },
    inject: async (context) => {
      const { crowd } = context;
      const { clients } = crowd;
      const count = Math.max(clients.length - READING, Math.ceil(clients.length * READERS_SHARE));
      const readers = clients.slice(0, Math.min(READERS_MAX, count));
      for (const client of readers) client.freeze();
      crowd.useLongTexts(true);
      await wait(lasting(context, READERS_MS));
      crowd.useLongTexts(false);
      context.note(`of ${readers.length} readers the gateways closed ${await closedOf(context)}`);
      for (const [index, client] of readers.entries()) {
        if (index >= READING_ON) client.cut();
        client.thaw();
        await wait(WAKING_MS);
      }
    },
  },
];

/** @returns the number of clients that have lost their socket on the gateways. */
async function closedOf({ cluster, crowd }: FaultContext): Promise<number> {
  await wait(STATUS_AGE_MS);
  const { processes } = await cluster.status();
  return crowd.clients.length - processes.reduce((sum, { clients = 0 }) => sum + clients, 0);
}

/** How often rooms left Redis, as the worker logged it. */
const roomsThatLeft = (data: string): number =>
  readFileSync(join(data, "logs", "worker.log"), "utf8").split("idle rooms left Redis").length - 1;
