/** Nobody, and then ten thousand people who say nothing: the price of being there. */
import { setTimeout as wait } from "node:timers/promises";
import { loadOf } from "../figures.ts";
import type { Figure, Scenario, Trial } from "../scenario.ts";

const ROOMS = 100;
const PEOPLE = 100;
const WARM_SHARE = 10;
const SETTLE_MS = 3_000;

export const idle: Scenario = {
  name: "idle",
  about: `no socket, and ${ROOMS} rooms of ${PEOPLE} in which nobody speaks: load of all processes together, and their memory, without that of the kernel`,
  run,
};

async function run({ scaled, seat, spent, memory, seconds }: Trial): Promise<Figure[]> {
  const rooms = scaled(ROOMS);
  const sockets = rooms * PEOPLE;
  const settled = async (): Promise<Map<string, number>> => {
    await wait(SETTLE_MS);
    return await spent(() => wait(seconds * 2_000));
  };
  const alone = await settled();
  const none = memory();
  // The first sockets also cost compiled code and permanent buffers, so they are not part of the growth.
  const warm = Math.round(sockets / WARM_SHARE);
  await seat(Array.from({ length: warm }, (_, index) => `idle-${index % rooms}`));
  await wait(SETTLE_MS);
  const before = memory();
  await seat(Array.from({ length: sockets - warm }, (_, index) => `idle-${index % rooms}`));
  const full = await settled();
  const after = memory();
  return [
    ...loadOf(alone, "with no socket", seconds * 2),
    ...loadOf(full, `with ${sockets} sockets`, seconds * 2),
    ["MiB with no socket", none / 1_024],
    ["KiB per socket", (after - before) / (sockets - warm)],
  ];
}
