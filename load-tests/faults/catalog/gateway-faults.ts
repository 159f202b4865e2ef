/** Faults of gateways: killed, hung, replaced. */
import { setTimeout as wait } from "node:timers/promises";
import { comesTrue } from "../../../shared/until.ts";
import { openGuests } from "../client/guests.ts";
import { signal } from "../target/processes.ts";
import type { Fault, FaultContext } from "./fault.ts";

const SHORT_STOP_MS = 2_000;
/** Enough guests for every gateway to have some. */
const GUESTS = 30;
const COUNTED = { withinMs: 5_000, everyMs: 20 };
/** A hung gateway accepts connections too; nginx moves them to another one when it gives the hung one up, after 5 s. */
const JOIN_MS = { others: 1_000, all: 6_000 };

async function anyGateway({ cluster, random }: FaultContext): Promise<string> {
  const { processes } = await cluster.status();
  return random.pick(processes.map(({ name }) => name).filter((name) => name.startsWith("gateway-")));
}

/** Kills a gateway with guests. Guests do not reconnect, so they show when the count of people is right again. */
async function killWithGuests(context: FaultContext): Promise<void> {
  const { cluster, crowd, room, reportSloBreach } = context;
  const guests = openGuests(cluster.address, room, GUESTS);
  const members = crowd.membersOf(room);
  const all = members.length + GUESTS;
  if (!(await comesTrue(() => members.every((client) => client.people() === all), COUNTED)))
    reportSloBreach(`${GUESTS} guests were not counted within ${COUNTED.withinMs} ms`);
  await cluster.signal(await anyGateway(context), "SIGKILL");
  if (!(await comesTrue(() => guests.some((guest) => guest.lost()), COUNTED)))
    reportSloBreach("no guest was on the gateway that died");
  // Guests on the other gateways leave as well, so that the crowd is alone again.
  for (const guest of guests) guest.leave();
}

/** Guests join while one gateway hangs: at once on the others, or when nginx gives the hung one up. */
async function joinBeside({ cluster, room, reportSloBreach }: FaultContext): Promise<void> {
  const guests = openGuests(cluster.address, room, GUESTS);
  const allIn = (): boolean => guests.every((guest) => guest.joinedAfterMs() !== undefined);
  await comesTrue(allIn, { withinMs: JOIN_MS.all, everyMs: 20 });
  const within = (ms: number): number =>
    guests.filter((guest) => (guest.joinedAfterMs() ?? Number.POSITIVE_INFINITY) <= ms).length;
  for (const guest of guests) guest.leave();
  if (within(JOIN_MS.all) < GUESTS)
    reportSloBreach(`only ${within(JOIN_MS.all)} of ${GUESTS} new guests came in within ${JOIN_MS.all} ms`);
  if (within(JOIN_MS.others) < GUESTS / 2)
    reportSloBreach(`only ${within(JOIN_MS.others)} of ${GUESTS} new guests came in at once`);
}

export const GATEWAY_FAULTS: Fault[] = [
  {
    name: "gateway-kill",
    about: "SIGKILL of a gateway",
    target: "gateways",
    within: { recoveredP99: 5_000 },
    inject: async (context) => {
      await context.cluster.signal(await anyGateway(context), "SIGKILL");
    },
  },
  {
    name: "gateway-death",
    about: "SIGKILL of a gateway with guests who do not come back: they must not be counted any more",
    target: "gateways",
    within: { recoveredP99: 5_000, count: 3_000 },
    inject: killWithGuests,
  },
  {
    name: "roll",
    about: "all gateways are renewed one by one",
    target: "gateways",
    resumes: true,
    within: { silenceMax: 1_000, silenceP99: 300 },
    inject: async ({ cluster }) => {
      await cluster.roll();
    },
  },
  {
    name: "scale",
    about: "two gateways leave and come back",
    target: "gateways",
    resumes: true,
    within: { silenceMax: 1_000, silenceP99: 300 },
    inject: async ({ cluster }) => {
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
    inject: async (context) => {
      const name = await anyGateway(context);
      const pid = await context.cluster.signal(name, "SIGSTOP");
      await joinBeside(context);
      while ((await context.cluster.pidOf(name)) === pid) await wait(200);
    },
  },
  {
    name: "gateway-pause",
    about: "SIGSTOP of a gateway for 2 s: it comes back with a stale state",
    target: "gateways",
    inject: async (context) => {
      const pid = await context.cluster.signal(await anyGateway(context), "SIGSTOP");
      await wait(SHORT_STOP_MS);
      signal(pid, "SIGCONT");
    },
  },
];
