/** One contender, one driver, one scenario: opens sockets, lets them talk, and reads meanwhile what the servers use. */
import type { Running } from "./contender.ts";
import type { Driver } from "./drive.ts";
import type { Heard } from "./driver/orders.ts";
import { readUse } from "./processes.ts";
import type { Trial } from "./scenario.ts";

/** `cpu`: of each process, in ms. */
export type Measured = Heard & { cpu: Map<string, number> };

/** So many sockets connect at a time, because a listen queue has room for some hundred. */
const ABREAST = 50;
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
    scaled: (count) => Math.max(MIN_SOCKETS, Math.round(count * scale)),
    async seat(rooms, abreast = ABREAST) {
      const people = await running.prepare(rooms);
      const seats = people.map((person, index) => ({
        ...person,
        room: rooms[index] ?? "",
        port: ports[index % ports.length] ?? 0,
        localAddress: `127.0.1.${1 + Math.floor((seated + index) / PER_ADDRESS)}`,
      }));
      seated += seats.length;
      const back = await driver.open(seats, abreast);
      if (back.failed > 0) throw new Error(`${back.failed} of ${seats.length} sockets could not join`);
      return back;
    },
    async talk(order) {
      let heard: Heard | undefined;
      const cpu = await spent(async () => {
        heard = await driver.talk({ seconds, ...order });
      });
      await driver.rest();
      return { ...(heard as unknown as Heard), cpu };
    },
    storm: driver.storm,
    spent,
    memory: () => [...readUse(processes).values()].reduce((sum, { memoryKiB }) => sum + memoryKiB, 0),
  };

  async function spent(work: () => Promise<unknown>): Promise<Map<string, number>> {
    const before = readUse(processes);
    await work();
    return new Map(
      [...readUse(processes)].map(([name, { cpuMs }]) => [name, cpuMs - (before.get(name)?.cpuMs ?? 0)]),
    );
  }
}
