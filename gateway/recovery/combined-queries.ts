/**
 * The queries of one recovery, run together with those of others that wait at the same time: when Redis loses thousands
 * of rooms, each costs PostgreSQL a share of a statement, of a transaction and of a wait for the disk. A room whose
 * statements fail does not fail the others.
 */
import { setImmediate as turnEnds } from "node:timers/promises";
import { createCombiner } from "../../shared/server/process/combiner.ts";
import type { HeldArchive, HeldRoom, RecoveryQueries } from "./recovery-queries.ts";

export type CombinedQueries = ReturnType<typeof combineQueries>;
export type CombinedOptions = {
  /** Transactions under way. */
  running: number;
  /** Max time that a room waits, ms. */
  waitMs: number;
  /** Rooms of the highest demand are first. */
  demandOf: (room: string) => number;
};

type Work = (held: HeldRoom | undefined, archive: HeldArchive) => Promise<unknown>;
type Holding = { room: string; work: Work };
type Settled = PromiseSettledResult<unknown>;

/** Rooms in one transaction: more of them would let the worker wait for long. */
const TOGETHER = 16;
const MAX_WAITING = 10_000;
/** PostgreSQL's code for a statement in a transaction in which another one failed. */
const FAILED_TRANSACTION = "25P02";

const DEFAULTS: CombinedOptions = { running: 1, waitMs: 15_000, demandOf: () => 0 };

export function combineQueries(queries: RecoveryQueries, options: Partial<CombinedOptions> = {}) {
  const { running, waitMs, demandOf } = { ...DEFAULTS, ...options };
  const bounds = {
    ...{ running, waitMs, together: TOGETHER, waiting: MAX_WAITING },
    rank: ({ room }: { room: string }) => demandOf(room),
  };
  const begin = createCombiner(beginTogether, bounds);
  const hold = createCombiner(holdTogether, bounds);

  return {
    /** @returns the start of the room's next epoch; undefined: there is no such room. Further as `beginEpochs`. */
    beginEpoch: (room: string, known: number): Promise<number | undefined> => begin({ room, known }),

    /** Runs `work` with the room's row locked (undefined: there is none). Further as `holdingRooms`. */
    holdingRoom: <T>(
      room: string,
      work: (held: HeldRoom | undefined, archive: HeldArchive) => Promise<T>,
    ): Promise<T> => hold({ room, work }) as Promise<T>,
  };

  async function beginTogether(
    rooms: { room: string; known: number }[],
  ): Promise<PromiseSettledResult<number | undefined>[]> {
    const starts = await queries.beginEpochs(rooms);
    return rooms.map(({ room }) => ({ status: "fulfilled", value: starts.get(room) }));
  }

  async function holdTogether(holdings: Holding[]): Promise<Settled[]> {
    const results = await holdAtOnce(holdings);
    if (holdings.length === 1) return results;
    return Promise.all(results.map((result, n) => (isFailedBeside(result) ? alone(holdings[n]) : result)));
  }

  async function alone(holding: Holding | undefined): Promise<Settled> {
    const [result] = holding ? await holdAtOnce([holding]) : [];
    return result ?? { status: "rejected", reason: new Error("a holding without a result") };
  }

  async function holdAtOnce(holdings: Holding[]): Promise<Settled[]> {
    const names = holdings.map(({ room }) => room);
    let results: Settled[] | undefined;
    try {
      await queries.holdingRooms(names, async (held, archive) => {
        const shared = { ...archive, confirm: oncePerTurn(archive.confirm) };
        results = await Promise.allSettled(holdings.map(({ room, work }) => work(held.get(room), shared)));
      });
    } catch (error) {
      // The library fails the transaction for a statement whose error one of the works has got already.
      if (!results?.some(({ status }) => status === "rejected")) throw error;
    }
    return results ?? [];
  }
}

function isFailedBeside(result: Settled): boolean {
  return result.status === "rejected" && (result.reason as { code?: unknown })?.code === FAILED_TRANSACTION;
}

/** Shares one call among those that ask in the same turn of the event loop; it is made after all of them have asked. */
function oncePerTurn(call: () => Promise<void>): () => Promise<void> {
  let next: Promise<void> | undefined;
  return () => {
    next ??= turnEnds().then(() => {
      next = undefined;
      return call();
    });
    return next;
  };
}
