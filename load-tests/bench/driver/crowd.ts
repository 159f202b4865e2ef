/** All members of a run: opened so many at a time, cut at once and back at once. */
import { setTimeout as wait } from "node:timers/promises";
import { createHistogram } from "../../histogram.ts";
import type { Dialect, Seat } from "../dialect.ts";
import { type Member, openMember } from "./member.ts";
import type { Back, Heard, Pace, Talk } from "./orders.ts";
import { inPace } from "./pace.ts";
import { talk } from "./talk.ts";
import { createTally } from "./tally.ts";

/** A backlog has come when nothing came for so long. */
const QUIET_MS = 500;
const REST_MS = 15_000;

export function createCrowd(dialect: Dialect) {
  const tally = createTally();
  let members: Member[] = [];

  return {
    open: (seats: Seat[], pace: Pace) => join(seats, pace),
    talk: (order: Talk): Promise<Heard> => talk(members, tally, order),
    rest,
    /** Cuts all sockets at one moment, and opens them again. */
    storm(pace: Pace): Promise<Back> {
      const seats = members.map(({ seat }) => seat);
      close();
      return join(seats, pace);
    },
  };

  /** Waits until the backlog of the former talk has come. */
  async function rest(): Promise<void> {
    const until = performance.now() + REST_MS;
    for (let seen = -1; performance.now() < until && seen !== tally.counts.delivered; ) {
      seen = tally.counts.delivered;
      await wait(QUIET_MS);
    }
  }

  function close(): void {
    for (const { cut } of members) cut();
    members = [];
  }

  async function join(seats: Seat[], pace: Pace): Promise<Back> {
    const times = createHistogram();
    const began = performance.now();
    const first = members.length;
    let failed = 0;
    let reason: unknown;
    await inPace(seats.length, pace, one);
    const seconds = (performance.now() - began) / 1_000;
    if (failed > 0 && failed === seats.length) throw reason;
    const at = (share: number): number => times.quantile(share);
    return { joined: times.count(), failed, seconds, p50: at(0.5), p99: at(0.99) };

    async function one(index: number, setOutAt: number): Promise<void> {
      const number = first + index;
      try {
        members[number] = await openMember(seats[index] as Seat, { dialect, tally, number });
        times.add(performance.now() - setOutAt);
      } catch (error) {
        failed++;
        reason = error;
      }
    }
  }
}
