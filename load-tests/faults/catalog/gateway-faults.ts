/** Gateways that die, hang and are renewed. */
import { setTimeout as wait } from "node:timers/promises";
import { comesTrue, openVisitors } from "../client/guests.ts";
import { signal } from "../target/processes.ts";
import type { Fault, World } from "./fault.ts";

const SHORT_STOP_MS = 2_000;
/** Enough that some are on every gateway. */
const VISITORS = 30;
const COUNTED_MS = 5_000;
/** A gateway that hangs takes up new connections as well; nginx gives them to another once it is given up, after 5 s. */
const COME_IN_MS = { others: 1_000, all: 6_000 };

async function anyGateway({ cluster, random }: World): Promise<string> {
  const { processes } = await cluster.status();
  return random.pick(processes.map(({ name }) => name).filter((name) => name.startsWith("gateway-")));
}

/** Clients who come back are counted all the time; only who stays away shows when the count is right again. */
async function killWithGuests(world: World): Promise<void> {
  const { cluster, crowd } = world;
  const guests = openVisitors(world, VISITORS);
  const all = crowd.clients.length + VISITORS;
  if (!(await comesTrue(() => crowd.clients.every((client) => client.people() === all), COUNTED_MS)))
    world.late(`${VISITORS} guests were not counted within ${COUNTED_MS} ms`);
  await cluster.signal(await anyGateway(world), "SIGKILL");
  if (!(await comesTrue(() => guests.some((guest) => guest.lost()), COUNTED_MS)))
    world.late("no guest was on the gateway that died");
  // Those on the other gateways go as well, so that the crowd is alone again.
  for (const guest of guests) guest.leave();
}

/** Whoever comes while one of the gateways hangs is let in: at once by the others, or else when the hung one is given up. */
async function comeInBeside(world: World): Promise<void> {
  const guests = openVisitors(world, VISITORS);
  await comesTrue(() => guests.every((guest) => guest.cameIn() !== null), COME_IN_MS.all);
  const within = (ms: number): number =>
    guests.filter((guest) => (guest.cameIn() ?? Number.POSITIVE_INFINITY) <= ms).length;
  for (const guest of guests) guest.leave();
  if (within(COME_IN_MS.all) < VISITORS)
    world.late(
      `only ${within(COME_IN_MS.all)} of ${VISITORS} new guests came in within ${COME_IN_MS.all} ms`,
    );
  if (within(COME_IN_MS.others) < VISITORS / 2)
    world.late(`only ${within(COME_IN_MS.others)} of ${VISITORS} new guests came in at once`);
}

export const GATEWAY_FAULTS: Fault[] = [
  {
    name: "gateway-kill",
    about: "SIGKILL of a gateway",
    target: "gateways",
    within: { healP99: 5_000 },
    strike: async (world) => {
      await world.cluster.signal(await anyGateway(world), "SIGKILL");
    },
  },
  {
    name: "gateway-death",
    about: "SIGKILL of a gateway with guests who do not come back: they must not be counted any more",
    target: "gateways",
    within: { healP99: 5_000, count: 3_000 },
    strike: killWithGuests,
  },
  {
    name: "roll",
    about: "all gateways are renewed one by one",
    target: "gateways",
    resumes: true,
    within: { silenceMost: 1_000, silenceP99: 300 },
    strike: async ({ cluster }) => {
      await cluster.roll();
    },
  },
  {
    name: "scale",
    about: "two gateways leave and come back",
    target: "gateways",
    resumes: true,
    within: { silenceMost: 1_000, silenceP99: 300 },
    strike: async ({ cluster }) => {
      const count = (await cluster.status()).processes.filter(({ name }) =>
        name.startsWith("gateway-"),
      ).length;
      await cluster.scale(Math.max(1, count - 2));
      await cluster.scale(count);
    },
  },
  {
    name: "gateway-hang",
    about: "SIGSTOP of a gateway, until its runner gives it up",
    target: "gateways",
    resumes: true,
    strike: async (world) => {
      const name = await anyGateway(world);
      const pid = await world.cluster.signal(name, "SIGSTOP");
      await comeInBeside(world);
      while ((await world.cluster.pidOf(name)) === pid) await wait(200);
    },
  },
  {
    name: "gateway-pause",
    about: "SIGSTOP of a gateway for 2 s: it comes back with a stale state",
    target: "gateways",
    strike: async (world) => {
      const pid = await world.cluster.signal(await anyGateway(world), "SIGSTOP");
      await wait(SHORT_STOP_MS);
      signal(pid, "SIGCONT");
    },
  },
];
