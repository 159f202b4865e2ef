/** Gateways that die, hang and are renewed. */
import { setTimeout as wait } from "node:timers/promises";
import type { Fault, World } from "./fault.ts";
import { signal } from "./processes.ts";

const SHORT_STOP_MS = 2_000;

async function anyGateway({ cluster, random }: World): Promise<string> {
  const { processes } = await cluster.status();
  return random.pick(processes.map(({ name }) => name).filter((name) => name.startsWith("gateway-")));
}

export const GATEWAY_FAULTS: Fault[] = [
  {
    name: "gateway-kill",
    about: "SIGKILL of a gateway",
    target: "gateways",
    within: { healP99: 5_000, count: 3_000 },
    strike: async (world) => {
      await world.cluster.signal(await anyGateway(world), "SIGKILL");
    },
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
    strike: async (world) => {
      const name = await anyGateway(world);
      const pid = await world.cluster.signal(name, "SIGSTOP");
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
