/** The preflight of a running process: every change of the stores is found within 10 s, and logged at its begin and end. */
import type { Log } from "../process/logger.ts";
import type { Registry } from "../process/metrics.ts";
import { createClockJump } from "./clock-jump.ts";
import { type Finding, lineOfFinding } from "./finding.ts";
import { createStoreOutage } from "./outage.ts";
import type { StoreName } from "./store-address.ts";
import { watchMetrics } from "./watch-metrics.ts";

const LOOK_MS = 2_500;
const STORES: readonly StoreName[] = ["Redis", "PostgreSQL"];

/** It may pass, so it is an outage; any other finding stands until an operator mends it. */
const isOutage = ({ about, kind, mayPass }: Finding): boolean =>
  kind !== "fine" && (mayPass === true || about.endsWith(" reached"));

/** @param everyMs the time between two looks. */
export function createStoreWatch(log: Log, registry: Registry, everyMs = LOOK_MS) {
  const outages = new Map(STORES.map((store) => [store, createStoreOutage(store, log)]));
  let standing = new Map<string, Finding>();
  let timer: NodeJS.Timeout | undefined;
  let isWatching = false;
  const clockJump = createClockJump(
    () => Date.now(),
    () => performance.now(),
  );
  const jumps = watchMetrics(registry, { outages, standing: () => standing.values() });

  return {
    /**
     * For the clients of a store: an error that is an outage. `isRefusal`: a caller waited for it. Before `start` the
     * preflight tells of stores that are not there yet.
     */
    met:
      (store: StoreName) =>
      (error: unknown, isRefusal = true): void => {
        if (isWatching) outages.get(store)?.met(error, isRefusal);
      },

    /** Why this store is away or refuses, without addresses; undefined when it is well. */
    causeOf: (store: StoreName): string | undefined => outages.get(store)?.cause?.replaceAll(/\S+:\d+/g, "…"),

    /** @param look the findings of this moment. @param known findings that the start has logged. */
    start(look: () => Promise<Finding[]>, known: readonly Finding[]): void {
      standing = standingOf(known);
      isWatching = true;
      let isLooking = false;
      timer = setInterval(async () => {
        if (isLooking) return;
        isLooking = true;
        try {
          judge(await look());
        } catch (error) {
          log.error({ err: error }, "internal error: the stores could not be looked at");
        } finally {
          isLooking = false;
        }
      }, everyMs);
    },

    close(): void {
      isWatching = false;
      clearInterval(timer);
    },
  };

  function judge(findings: Finding[]): void {
    if (!isWatching) return;
    judgeClock();
    const found = findings.filter(isOutage);
    for (const [store, outage] of outages) {
      const bad = found.find(({ about }) => about.startsWith(store));
      outage.looked(bad && lineOfFinding(bad));
    }
    const before = standing;
    standing = standingOf(findings);
    for (const [about, finding] of standing)
      if (!before.has(about)) log.warn({ finding: lineOfFinding(finding) }, "not as it should be");
    for (const about of before.keys()) {
      // A store that is away tells nothing of its settings.
      const now = findings.find((each) => each.about === about);
      if (now?.kind === "fine") log.info({ finding: lineOfFinding(now) }, "as it should be again");
      else if (!now) standing.set(about, before.get(about) as Finding);
    }
  }

  function judgeClock(): void {
    const jumpedMs = clockJump();
    if (jumpedMs === 0) return;
    jumps.inc();
    log.warn(
      { seconds: Math.round(jumpedMs / 100) / 10 },
      "the clock of this machine jumped, or the machine slept",
    );
  }
}

const standingOf = (findings: readonly Finding[]): Map<string, Finding> =>
  new Map(
    findings
      .filter((finding) => finding.kind !== "fine" && !isOutage(finding))
      .map((finding) => [finding.about, finding]),
  );
