/** All sockets are cut at one moment and come back. */
import { joinsOf } from "../figures.ts";
import type { Figure, Scenario, Trial } from "../scenario.ts";

const ROOMS = 50;
const PEOPLE = 100;
/** A listen queue holds some five hundred; with more, the kernel's repeats of lost packets are measured. */
const ABREAST = 400;

export const storm: Scenario = {
  name: "storm",
  about: `${ROOMS} rooms of ${PEOPLE}: all sockets are cut at once and come back, ${ABREAST} at a time`,
  run,
};

async function run(trial: Trial): Promise<Figure[]> {
  const rooms = trial.scaled(ROOMS);
  await trial.seat(Array.from({ length: rooms * PEOPLE }, (_, index) => `storm-${index % rooms}`));
  const back = await trial.storm({ abreast: ABREAST });
  return [["joins/s", back.joined / back.seconds], ...joinsOf(back, "in the storm")];
}
