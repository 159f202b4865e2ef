/** A hundred rooms of ten people, and all of them talk: the price of accepting a message. */
import { climb } from "../climb.ts";
import { cpuOf, latencyOf } from "../figures.ts";
import type { Figure, Scenario, Trial } from "../scenario.ts";

const ROOMS = 100;
const PEOPLE = 10;
const CALM_RATE = 1_000;
const BUSY_RATE = 10_000;

export const smallRooms: Scenario = {
  name: "small-rooms",
  about: `${ROOMS} rooms of ${PEOPLE}, everyone speaks in turn: messages that are accepted and acknowledged before it falls behind (p99 above 1 s, or fewer than 95 % acknowledged), and the same people at ${CALM_RATE} and at ${BUSY_RATE} messages/s`,
  run,
};

async function run({ scaled, seat, talk, warmUpSeconds }: Trial): Promise<Figure[]> {
  const rooms = scaled(ROOMS);
  const sockets = rooms * PEOPLE;
  await seat(Array.from({ length: sockets }, (_, index) => `small-${index % rooms}`));
  const everyone = { senders: sockets, stampEvery: 1 };
  await talk({ ...everyone, rate: CALM_RATE, seconds: warmUpSeconds });
  const calm = await talk({ ...everyone, rate: CALM_RATE });
  const busy = await talk({ ...everyone, rate: BUSY_RATE, stampEvery: 4 });
  const { best } = await climb((rate) => talk({ ...everyone, rate, stampEvery: 4 }), CALM_RATE);
  return [
    ["accepted messages/s", best ? best.acknowledged / best.seconds : 0],
    ...(best ? latencyOf(best, "there") : []),
    ...(best ? cpuOf(best, "there", best.acknowledged, "ms per accepted message") : []),
    ["driver's share of a core there", best?.driverShare ?? 0],
    [`% of messages refused at ${CALM_RATE}/s`, (calm.refused / calm.sent) * 100],
    ...latencyOf(calm, `at ${CALM_RATE}/s`),
    ...cpuOf(calm, `at ${CALM_RATE}/s`, calm.acknowledged, "ms per accepted message"),
    [`accepted messages/s at ${BUSY_RATE}/s`, busy.acknowledged / busy.seconds],
    [`% of messages refused at ${BUSY_RATE}/s`, (busy.refused / busy.sent) * 100],
    ...latencyOf(busy, `at ${BUSY_RATE}/s`),
    ...cpuOf(busy, `at ${BUSY_RATE}/s`, busy.acknowledged, "ms per accepted message"),
    ["bytes per delivery", calm.bytes / calm.delivered],
  ];
}
