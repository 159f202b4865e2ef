/** One room of a thousand people on all nodes: the price of fanning out. */
import { climb } from "../climb.ts";
import { cpuOf, fanOutOf, latencyOf } from "../figures.ts";
import type { Figure, Scenario, Trial } from "../scenario.ts";

const PEOPLE = 1_000;
const SENDERS = 20;
const CALM_RATE = 10;
const BUSY_RATE = 200;
const FIRST_RATE = 100;

export const bigRoom: Scenario = {
  name: "big-room",
  about: `one room of ${PEOPLE} on all nodes, ${SENDERS} of them speak: the highest deliveries/s at any rate, and the same room at ${CALM_RATE} and at ${BUSY_RATE} messages/s`,
  run,
};

async function run({ scaled, seat, talk, warmUpSeconds }: Trial): Promise<Figure[]> {
  await seat(Array.from({ length: scaled(PEOPLE) }, () => "big"));
  const senders = SENDERS;
  await talk({ senders, rate: BUSY_RATE / 2, seconds: warmUpSeconds, stampEvery: 1 });
  const calm = await talk({ senders, rate: CALM_RATE, stampEvery: 1 });
  const busy = await talk({ senders, rate: BUSY_RATE, stampEvery: 4 });
  const { steps } = await climb((rate) => talk({ senders, rate, stampEvery: 16 }), FIRST_RATE);
  const perSecond = steps.map(({ deliveredInTime, seconds }) => deliveredInTime / seconds);
  const fullest = steps[perSecond.indexOf(Math.max(...perSecond))];
  return [
    ["deliveries/s at saturation", Math.max(...perSecond)],
    ["driver's share of a core there", fullest?.driverShare ?? 0],
    ...(fullest ? cpuOf(fullest, "there", fullest.delivered / 1_000, "s per million deliveries") : []),
    ...latencyOf(calm, `at ${CALM_RATE}/s`),
    ...fanOutOf(busy, `at ${BUSY_RATE}/s`),
    ["bytes per delivery", busy.bytes / busy.delivered],
  ];
}
