/** The fault checker in short: `npm run faults` does the same with more clients, longer, and with every fault there is. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { FAULTS } from "../load-tests/faults/catalog.ts";
import { holds } from "../load-tests/faults/judge.ts";
import { createRandom } from "../load-tests/faults/random.ts";
import { runFault } from "../load-tests/faults/run-fault.ts";
import { type OpenStage, openStage } from "../load-tests/faults/stage.ts";

const RATE = 50;
let stage: OpenStage;

beforeAll(async () => {
  stage = await openStage({ gateways: 3, clients: 60, random: createRandom(1) });
});
afterAll(() => stage.close());

it.each([
  ["gateway-kill", 5],
  ["roll", 5],
  ["bus-kill", 5],
  ["redis-kill", 5],
  ["worker-kill", 8],
  ["postgres-away", 20],
  ["cut-before-ack", 8],
])("%s: nothing acknowledged is lost, doubled or reordered, and all agree", async (name, seconds) => {
  const fault = FAULTS.find((each) => each.name === name);
  if (!fault) throw new Error(`there is no ${name}`);
  const { verdict, unsettled } = await runFault(fault, stage, { rate: RATE, seconds });
  expect(verdict.evidence).toEqual([]);
  expect(unsettled).toEqual([]);
  expect(holds(verdict)).toBe(true);
  expect(verdict.acknowledged).toBe(verdict.messages);
  expect(verdict.messages).toBeGreaterThan(RATE * seconds);
});
