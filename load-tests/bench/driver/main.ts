/** The driver's process: `node load-tests/bench/driver/main.ts CONTENDER`, with orders over its IPC channel. */
import { contenders } from "../contenders/catalogue.ts";
import { createCrowd } from "./crowd.ts";
import type { Answer, Order } from "./orders.ts";

const contender = contenders.find(({ name }) => name === process.argv[2]);
if (!contender) throw new Error(`no contender is called ${process.argv[2]}`);
const crowd = createCrowd(contender.dialect);

async function carryOut(order: Order): Promise<Answer> {
  if (order.do === "open") return { back: await crowd.open(order.seats, order.pace) };
  if (order.do === "talk") return { heard: await crowd.talk(order.talk) };
  if (order.do === "rest") {
    await crowd.rest();
    return { rested: true };
  }
  return { back: await crowd.storm(order.pace) };
}

process.on("message", (order: Order) => {
  carryOut(order).then(
    (answer) => process.send?.(answer),
    (error: Error) => process.send?.({ error: error.message } satisfies Answer),
  );
});
process.on("disconnect", () => process.exit(0));
