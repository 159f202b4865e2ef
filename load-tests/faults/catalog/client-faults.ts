/** What happens between the clients and the gateways: nginx, the network, and clients that behave badly. */
import { setTimeout as wait } from "node:timers/promises";
import { type Fault, lasting, type World } from "./fault.ts";

const BADLY_MS = 8_000;
/** The status is at most so old. */
const STATUS_AGE_MS = 2_500;
/** One message in so many is followed by a cut line. */
const CUT_EVERY = 20;
/** Who goes on reading: enough to judge by that nobody else is harmed. At least a quarter of all stop. */
const READING = 100;
const READERS_SHARE = 0.25;
const READERS_MOST = 500;
/** So many read on where they stopped, all that was kept for them; the others find their line dead, as a tab does that slept for long. */
const READING_ON = 20;
/** From one to the next: this process reads for all of them, and must not be what the others wait for. */
const WAKING_MS = 5;
/** Long enough to fill what the kernel and nginx hold for them. */
const READERS_MS = 60_000;

export const CLIENT_FAULTS: Fault[] = [
  {
    name: "nginx-reload",
    about: "nginx takes a new configuration",
    target: "nginx",
    resumes: true,
    within: { silenceMost: 1_000 },
    strike: async ({ cluster }) => {
      await cluster.signal("nginx", "SIGHUP");
    },
  },
  {
    name: "nginx-kill",
    about: "SIGKILL of nginx: every connection breaks",
    target: "nginx",
    strike: async ({ cluster }) => {
      await cluster.signal("nginx", "SIGKILL");
    },
  },
  {
    name: "storm",
    about: "all clients lose their connections at once",
    target: "clients",
    within: { healP99: 10_000 },
    strike: async ({ crowd }) => {
      for (const client of crowd.clients) client.cut();
    },
  },
  {
    name: "cut-before-ack",
    about: "clients cut the line after they have sent, before they are answered",
    target: "clients",
    strike: async (world) => {
      const { crowd, random } = world;
      crowd.afterSaying((client) => {
        if (random.next() < 1 / CUT_EVERY) setTimeout(client.cut, random.between(0, 5));
      });
      await wait(lasting(world, BADLY_MS));
      crowd.afterSaying(null);
    },
  },
  {
    name: "slow-readers",
    about: "all clients but 100 stop reading, at most 500",
    target: "clients",
    within: { silenceMost: 2_000 },
    strike: async (world) => {
      const { crowd } = world;
      const { clients } = crowd;
      const count = Math.max(clients.length - READING, Math.ceil(clients.length * READERS_SHARE));
      const readers = clients.slice(0, Math.min(READERS_MOST, count));
      for (const client of readers) client.freeze();
      crowd.talkMuch(true);
      await wait(lasting(world, READERS_MS));
      crowd.talkMuch(false);
      world.note(`of ${readers.length} readers the gateways closed ${await closedOf(world)}`);
      for (const [index, client] of readers.entries()) {
        if (index >= READING_ON) client.cut();
        client.thaw();
        await wait(WAKING_MS);
      }
    },
  },
];

/** How many clients have no socket on any gateway any more. */
async function closedOf({ cluster, crowd }: World): Promise<number> {
  await wait(STATUS_AGE_MS);
  const { processes } = await cluster.status();
  return crowd.clients.length - processes.reduce((sum, { clients = 0 }) => sum + clients, 0);
}
