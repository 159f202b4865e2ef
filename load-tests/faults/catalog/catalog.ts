/** All faults, in the order in which they run. */
import { BUS_FAULTS } from "./bus-faults.ts";
import { CLIENT_FAULTS } from "./client-faults.ts";
import type { Fault } from "./fault.ts";
import { GATEWAY_FAULTS } from "./gateway-faults.ts";
import { MACHINE_FAULTS } from "./machine-faults.ts";
import { POSTGRES_FAULTS } from "./postgres-faults.ts";
import { REDIS_FAULTS } from "./redis-faults.ts";
import { WORKER_FAULTS } from "./worker-faults.ts";

export const FAULTS: readonly Fault[] = [
  ...GATEWAY_FAULTS,
  ...CLIENT_FAULTS,
  ...BUS_FAULTS,
  ...WORKER_FAULTS,
  ...POSTGRES_FAULTS,
  ...REDIS_FAULTS,
  ...MACHINE_FAULTS,
];

/** The faults of a mix, which is played on one machine. */
export const MIXED: readonly Fault[] = FAULTS.filter(({ needs }) => needs !== "machine");
