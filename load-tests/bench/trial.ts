/** One contender, one driver, one scenario: opens sockets, lets them talk, and reads meanwhile what the servers use. */
import type { Running } from "./contender.ts";
import type { Driver } from "./drive.ts";
import { readUse } from "./processes.ts";
import type { Trial } from "./scenario.ts";

/** So many sockets connect at a time, because a listen queue has room for some hundred. */
const PACE = { abreast: 50 };
const MIN_SOCKETS = 2;
/** Keeps every source address far below its 28,000 ports. */
const PER_ADDRESS = 5_000;

export function createTrial(
  running: Running,
  driver: Driver,
  { seconds, scale }: { seconds: number; scale: number },
): Trial {
  const { ports, processes } = running;
  let seated = 0;

  return {
    seconds,
    warmUpSeconds: seconds * 2,
    scaled: (count) => Math.max(MIN_SOCKETS, Math.round(count * scale)),
    async seat(rooms, { pace = PACE, onOneNode = false } = {}) {
      const people = await running.prepare(rooms);
      const seats = people.map((person, index) => ({
        ...person,
        room: rooms[index] ?? "",
        port: ports[onOneNode ? 0 : index % ports.length] ?? 0,
        localAddress: `127.0.1.${1 + Math.floor((seated + index) / PER_ADDRESS)}`,
      }));
      seated += seats.length;
      const back = await beside(() => driver.open(seats, pace));
      if (back.failed > 0) throw new Error(`${back.failed} of ${seats.length} sockets could not join`);
      return back;
    },
    async talk(order) {
      const heard = await beside(() => driver.talk({ seconds, ...order }));
      await driver.rest();
      return heard;
    },
    storm: (pace) => beside(() => driver.storm(pace)),
    spent: async (work) => {
      const { cpu } = await beside(async () => ({ done: await work() }));
      return cpu;
    },
    memory: () => [...readUse(processes).values()].reduce((sum, { memoryKiB }) => sum + memoryKiB, 0),
  };

  /** Adds the CPU of each process meanwhile. */
  async function beside<T>(work: () => Promise<T>): Promise<T & { cpu: Map<string, number> }> {
    const before = readUse(processes);
    const result = await work();
    const cpu = new Map(
      [...readUse(processes)].map(([name, { cpuMs }]) => [name, cpuMs - (before.get(name)?.cpuMs ?? 0)]),
    );
    return { ...result, cpu };
  }
}
