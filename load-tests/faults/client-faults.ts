/** What happens between the clients and the gateways: nginx, the network, and clients that behave badly. */
import { setTimeout as wait } from "node:timers/promises";
import { type Fault, lasting } from "./fault.ts";

const BADLY_MS = 8_000;
/** One message in so many is followed by a cut line. */
const CUT_EVERY = 20;
/** A quarter of all clients, or 500. */
const READERS_SHARE = 0.25;
const READERS_MOST = 500;
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
    about: "a quarter of the clients stop reading, at most 500",
    target: "clients",
    within: { silenceMost: 2_000 },
    strike: async (world) => {
      const { crowd } = world;
      const { clients } = crowd;
      const readers = clients.slice(0, Math.min(READERS_MOST, Math.ceil(clients.length * READERS_SHARE)));
      for (const client of readers) client.freeze();
      crowd.talkMuch(true);
      await wait(lasting(world, READERS_MS));
      crowd.talkMuch(false);
      for (const client of readers) client.thaw();
    },
  },
];
