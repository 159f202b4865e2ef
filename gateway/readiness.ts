/** A gateway listens at once and serves when it can: when Redis and PostgreSQL answer and the control log is known. */
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../shared/backoff.ts";
import { checkShards } from "../shared/server/postgres/cluster-settings.ts";
import { PostgresError, SQLSTATE, type Sql } from "../shared/server/postgres/pool.ts";
import type { Log } from "../shared/server/process/logger.ts";
import { isOutage } from "../shared/server/process/unavailable.ts";
import { type Commands, connected, type Subscriber } from "../shared/server/redis/connect.ts";

export type Readiness = ReturnType<typeof createReadiness>;

export function createReadiness() {
  let state: "starting" | "serving" | "draining" = "starting";
  let redisAnswers = true;
  let busWhole = true;
  return {
    get stopped(): boolean {
      return state === "draining";
    },
    serving: (): void => {
      if (state === "starting") state = "serving";
    },
    draining: (): void => {
      state = "draining";
    },
    redis: (answers: boolean): void => {
      redisAnswers = answers;
    },
    bus: (whole: boolean): void => {
      busWhole = whole;
    },
    /** Why the gateway should get no new clients; empty when it should. */
    reasons: (): string[] => [
      ...(state === "serving" ? [] : [state]),
      ...(redisAnswers ? [] : ["redis does not answer"]),
      ...(busWhole ? [] : ["the bus is broken"]),
    ],
  };
}

export type World = {
  sql: Sql;
  redis: Commands;
  subscriber: Subscriber;
  shards: number;
  /** What is to be learnt first, in this order. */
  follow: readonly (() => Promise<void>)[];
  readiness: Readiness;
};

/** The worker migrates and grants; until it has, a database has no tables, not all columns, or none that a gateway may read. */
const isUnmigrated = (error: unknown): boolean =>
  error instanceof PostgresError &&
  [SQLSTATE.undefinedTable, SQLSTATE.undefinedColumn, SQLSTATE.insufficientPrivilege].some(
    (code) => code === error.code,
  );

/** Tries until all is there, however long. @throws what no waiting mends, such as another number of shards. */
export async function waitForWorld(world: World, log: Log): Promise<void> {
  for (let attempt = 0; !world.readiness.stopped; attempt++) {
    try {
      await Promise.all([
        connected(world.redis),
        connected(world.subscriber),
        checkShards(world.sql, world.shards),
      ]);
      for (const learn of world.follow) await learn();
      world.readiness.serving();
      return;
    } catch (error) {
      if (!isOutage(error) && !isUnmigrated(error)) throw error;
      if (attempt === 5) log.warn({ err: error }, "still waiting for Redis and PostgreSQL");
      await sleep(backoffMs(attempt, 50, 2_000));
    }
  }
}
