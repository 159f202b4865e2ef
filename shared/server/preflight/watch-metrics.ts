/** The metrics of a store watch. */
import { Counter, Gauge, type Registry } from "../process/metrics.ts";
import type { Finding } from "./finding.ts";
import type { createStoreOutage } from "./outage.ts";
import type { StoreName } from "./store-address.ts";

type Watched = {
  outages: ReadonlyMap<StoreName, ReturnType<typeof createStoreOutage>>;
  standing: () => Iterable<Finding>;
};

/** @returns the counter of jumps of the clock; the others follow what is watched. */
export function watchMetrics(registry: Registry, { outages, standing }: Watched): Counter {
  const registers = [registry];
  new Gauge({
    name: "suda_store_away",
    help: "1 while this store is away or refuses",
    labelNames: ["store"],
    registers,
    collect() {
      for (const [store, { cause }] of outages) this.set({ store }, cause === undefined ? 0 : 1);
    },
  });
  new Counter({
    name: "suda_store_refusals_total",
    help: "Commands and statements that failed because their store was away or refused",
    labelNames: ["store"],
    registers,
    collect() {
      this.reset();
      for (const [store, { refusals }] of outages) this.inc({ store }, refusals);
    },
  });
  new Gauge({
    name: "suda_store_finding",
    help: "1 while this does not hold at a store or on this machine; the promise that is off, if it is one",
    labelNames: ["about", "promise"],
    registers,
    collect() {
      this.reset();
      for (const { about, promise = "" } of standing()) this.set({ about, promise }, 1);
    },
  });
  return new Counter({
    name: "suda_clock_jumps_total",
    help: "Jumps of this machine's clock by more than 2 s",
    registers,
  });
}
