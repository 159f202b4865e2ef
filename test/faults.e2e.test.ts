/** A short run of the fault checker. `npm run faults` runs longer, with more clients and with every fault. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../infra/local/supervise/bundle.ts";
import { FAULTS } from "../load-tests/faults/catalog/catalog.ts";
import { holds } from "../load-tests/faults/judge/judge.ts";
import { createRandom } from "../load-tests/faults/random.ts";
import { runFault } from "../load-tests/faults/run-fault.ts";
import { type FaultTarget, openFaultTarget } from "../load-tests/faults/target/target.ts";
import { fillData } from "./support/data-template.ts";

type Short = { name: string; seconds: number; rate?: number; rooms?: number; unstored?: number };

/** For each gateway. The messages of a fault depend on its rate alone, and each client more only reads them once more. */
const CLIENTS = 5;
/** They undergo some hundred acts in each fault of Redis. */
const PEOPLE = 2;
/** Far more than the 500 events that a room's log keeps once all are stored. */
const BEHIND = 700;

/** The faults of one target run in turn, the targets in parallel, because a fault mostly waits. */
const STAGES: { struck: string; gateways: number; faults: Short[] }[] = [
  {
    struck: "gateways and clients",
    gateways: 3,
    faults: [
      { name: "gateway-kill", seconds: 5, rooms: 3 },
      { name: "gateway-pause", seconds: 5 },
      { name: "roll", seconds: 5 },
      { name: "cut-before-ack", seconds: 8 },
    ],
  },
  {
    struck: "Redis",
    gateways: 2,
    faults: [
      { name: "redis-kill", seconds: 5 },
      { name: "redis-empty", seconds: 5 },
      { name: "redis-cut", seconds: 5 },
      { name: "redis-stall", seconds: 5 },
    ],
  },
  {
    struck: "the bus, the worker and PostgreSQL",
    gateways: 2,
    faults: [
      { name: "bus-kill", seconds: 5 },
      { name: "worker-kill", seconds: 8 },
      { name: "postgres-away", seconds: 20, rate: 100, unstored: BEHIND },
    ],
  },
];

describe.concurrent.each(STAGES)("$struck", ({ gateways, faults }) => {
  let target: FaultTarget;
  beforeAll(async () => {
    target = await openFaultTarget({
      gateways,
      clients: CLIENTS * gateways,
      random: createRandom(1),
      quick: { programOf: bundled, fill: fillData },
    });
  });
  afterAll(() => target?.close());

  it.each(faults)(
    "$name: nothing acknowledged is lost, doubled or reordered, and all agree",
    { concurrent: false },
    async ({ name, seconds, rate = 50, rooms = 1, unstored = 0 }) => {
      const fault = FAULTS.find((each) => each.name === name);
      if (!fault) throw new Error(`there is no ${name}`);
      // Verifies the rooms of all faults of this target, once.
      const verifies = name === faults.at(-1)?.name;
      // Lateness is judged by `npm run faults` only, because here other tests may keep the machine busy.
      const outcome = await runFault(fault, target, { rate, seconds, rooms, people: PEOPLE, verifies });
      const { verdict } = outcome;
      expect(verdict.evidence).toEqual([]);
      expect(outcome.unsettled).toEqual([]);
      expect(outcome.missed).toEqual([]);
      expect(holds(verdict)).toBe(true);
      expect(verdict.acknowledged).toBe(verdict.messages);
      expect(verdict.messages).toBeGreaterThan(rate * seconds);
      expect(outcome.unstored).toBeGreaterThanOrEqual(unstored);
    },
  );
});
