/** Two people, and a hundred, who speak now and then: the way of a message through servers that have nothing else to do. */
import { latencyOf } from "../figures.ts";
import type { Figure, Scenario, Trial } from "../scenario.ts";

const SIZES = [2, 100];
const RATE = 10;
const WARM_UP_RATE = 200;

export const quiet: Scenario = {
  name: "quiet",
  about: `a room of ${SIZES.join(" and one of ")}, ${RATE} messages/s`,
  run,
};

async function run({ seat, talk, seconds, warmUpSeconds }: Trial): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of SIZES) {
    const room = `quiet-${size}`;
    await seat(Array.from({ length: size }, () => room));
    const order = { room, senders: size, rate: RATE, stampEvery: 1 };
    await talk({ ...order, rate: WARM_UP_RATE, seconds: warmUpSeconds });
    figures.push(...latencyOf(await talk({ ...order, seconds: seconds * 2 }), `with ${size} sockets`));
  }
  return figures;
}
