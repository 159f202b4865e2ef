/** Runs one fault from beginning to end: rooms full of talking clients, the fault, settling, and the verdict. */
import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createRoom } from "../history.ts";
import { beginActs } from "./acts/acts.ts";
import type { Fault } from "./catalog/fault.ts";
import { type Crowd, gather } from "./client/crowd.ts";
import { archiveFaults } from "./judge/archive.ts";
import { watchCrashes } from "./judge/crashes.ts";
import { holds } from "./judge/judge.ts";
import type { Outcome } from "./judge/outcome.ts";
import { needlessRestarts, sloBreachesOf, unproven } from "./judge/promises.ts";
import { spreadOf } from "./judge/spread.ts";
import { openMarking } from "./marking.ts";
import { settle } from "./settle.ts";
import { readMemory } from "./target/memory.ts";
import type { FaultTarget } from "./target/target.ts";
import { watchCrowd } from "./watch.ts";

/**
 * `rooms`: the clients are spread over this many; 1 by default. `people`: how many are renamed, muted, promoted and banned during a fault of Redis. `verifies`: whether the whole
 * archive is verified at the end; true by default.
 */
export type Load = { rate: number; seconds: number; rooms?: number; people?: number; verifies?: boolean };

const WARM_MS = 2_000;
/** The time of load after the end of a fault. */
const AFTER_MS = 4_000;
const MAX_TRIES = 5;
const PEOPLE = 4;

/** Injects the fault under load and judges the outcome. @throws Error when the fault could not be injected. */
export async function runFault(
  fault: Fault,
  { cluster, users, moderator, relay, machine, random }: FaultTarget,
  { rate, seconds, rooms: count = 1, people = PEOPLE, verifies = true }: Load,
): Promise<Outcome> {
  const rooms = namesOf(count);
  const crashes = watchCrashes(cluster.data);
  await createRooms(cluster.url, users[0]?.accessToken ?? "", rooms);
  const notes: string[] = [];
  const sloBreaches: string[] = [];
  const addresses = [cluster.address, ...(machine ? [machine.address] : [])];
  const crowd = await gather({ addresses, rooms, users, rate });
  const marking = openMarking({ cluster, addresses, users, moderator, crowd, rooms, withRetries });
  // Only a fault of Redis can make its cache of users stale.
  const acting = fault.target === "redis" ? await beginActs(cluster, people, withRetries) : undefined;
  try {
    const talking = crowd.talk();
    await wait(WARM_MS);
    const watch = watchCrowd(crowd);
    for (const { silence } of crowd.clients) silence.begin();
    const endedAt = await inject();

    const silenceMs = spreadOf(crowd.clients.map(({ silence }) => silence.end()));
    crowd.stopTalking();
    await talking;
    await marking.end();
    const unsettled = await settle(crowd, cluster);
    const { healed, counted, unstored } = watch.end(endedAt);
    const acts = await acting?.end();
    if (acts) notes.push(acts.summary);
    const measured = { silenceMs, recoveredMs: spreadOf(healed), countMs: counted };
    const verdict = await marking.judgeRooms();
    sloBreaches.push(...sloBreachesOf(fault, measured));
    const missed = [
      ...needlessRestarts(fault, verdict.startedOver),
      ...crashes(),
      ...(verifies ? await archiveFaults(cluster) : []),
      ...(acts?.faults ?? []),
      ...(await marking.faults()),
      ...unproven(verdict.acknowledged, rate * seconds),
    ];
    return {
      fault: fault.name,
      good: holds(verdict) && unsettled.length + missed.length + sloBreaches.length === 0,
      verdict,
      ...measured,
      unstored,
      closes: closesOf(crowd),
      memoryMiB: await readMemory(cluster),
      unsettled,
      missed,
      sloBreaches,
      notes: [...notes, marking.summary()],
    };
  } finally {
    crowd.stopTalking();
    crowd.leave();
    acting?.leave();
    await marking.leave();
  }

  /** Injects the fault under load of the given time. @returns the end of the fault, by performance.now(). */
  async function inject(): Promise<number> {
    const startedAt = performance.now();
    await fault.inject({
      cluster,
      crowd,
      room: rooms[0] as string,
      random,
      relay,
      machine,
      seconds,
      note: (words) => void notes.push(words),
      reportSloBreach: (words) => void sloBreaches.push(words),
    });
    const endedAt = performance.now();
    await wait(Math.max(AFTER_MS, seconds * 1_000 - (endedAt - startedAt)));
    return endedAt;
  }
}

function namesOf(count: number): string[] {
  const mark = `faults-${randomBytes(4).toString("hex")}`;
  return Array.from({ length: count }, (_, index) => `${mark}-${index}`);
}

async function createRooms(url: string, token: string, rooms: readonly string[]): Promise<void> {
  for (const room of rooms) await withRetries(() => createRoom(url, token, room));
}

/** Retries work that the fault of the previous round may still disturb. */
async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === MAX_TRIES) throw error;
      await wait(1_000);
    }
  }
}

function closesOf({ clients }: Crowd): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { closes } of clients)
    for (const [code, count] of closes) sums[code] = (sums[code] ?? 0) + count;
  return sums;
}
