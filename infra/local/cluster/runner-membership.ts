/**
 * The runner's place in the cluster of a database that was given: taken before gateways and a worker start, so that a second machine
 * with another Redis or with other signing keys is told so in one line, and knows of the processes of the other machines.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createMembership } from "../../../shared/server/membership/membership.ts";
import {
  createMembershipQueries,
  type Member,
} from "../../../shared/server/membership/membership-queries.ts";
import { fingerprintsOf } from "../../../shared/server/membership/signing-keys.ts";
import { openDatabase } from "../../../shared/server/postgres/database.ts";
import { connectPostgres } from "../../../shared/server/postgres/pool.ts";
import { createLog } from "../../../shared/server/process/logger.ts";
import { Unavailable } from "../../../shared/server/process/unavailable.ts";
import { openClusterMarkStore } from "../../../shared/server/redis/cluster-mark-store.ts";
import { connected, openCommands } from "../../../shared/server/redis/connect.ts";
import { createRedisKeys } from "../../../shared/server/redis/keys.ts";
import { lineOf, Problem } from "../cli/problem.ts";
import type { Backends } from "../data/runner-file.ts";
import type { Secrets } from "../data/secrets.ts";

const POLL_MS = 2_000;
const JOIN_WITHIN_MS = 30_000;
const RETRY_MS = 250;

const log = createLog("runner", "silent");

export type RunnerMembership = {
  /** @throws Refused, or Problem when it is not decided in time. */
  join(): Promise<void>;
  leave(): Promise<void>;
  /** The processes of other machines, and of other runners on this one, as of the last two seconds. */
  others(): Member[];
};

type Settings = {
  backends: Backends;
  jwtKey: Secrets["jwtKey"];
  shards: number;
  url: string;
  /** The pids of this runner's own processes. */
  own: () => (number | undefined)[];
  say: (line: string) => void;
};

export function openRunnerMembership({
  backends,
  jwtKey,
  shards,
  url,
  own,
  say,
}: Settings): RunnerMembership {
  const { redisUrl, databaseUrl, keyPrefix } = backends;
  const database = openDatabase(() => connectPostgres(databaseUrl, { name: "runner", max: 1 }));
  const redis = openCommands(redisUrl, "runner", log);
  const membership = createMembership({
    sql: database.sql,
    marks: openClusterMarkStore(redis, createRedisKeys(keyPrefix, shards)),
    self: { kind: "runner", name: "npm start", address: url, signingKeys: fingerprintsOf([jwtKey]) },
    keyPrefix,
    report: () => ({ ready: true }),
    onRefused: ({ message }) => say(message),
    log,
  });
  let members: Member[] = [];
  let isBugReported = false;
  let timer: NodeJS.Timeout | undefined;

  return {
    async join() {
      await joinInTime();
      timer = setInterval(() => void look(), POLL_MS);
      await look();
    },
    async leave() {
      clearInterval(timer);
      await membership.leave();
      redis.disconnect();
      await database.close();
    },
    others() {
      const pids = [process.pid, ...own()];
      return members.filter(({ pid, machine }) => !(pids.includes(pid) && machine === membership.machine));
    },
  };

  async function joinInTime(): Promise<void> {
    let waits = "";
    for (const deadline = performance.now() + JOIN_WITHIN_MS; ; await delay(RETRY_MS)) {
      try {
        await connected(redis);
        return await membership.join();
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        if (performance.now() > deadline) throw new Problem(`The cluster cannot be joined: ${error.message}`);
        if (waits !== "" && waits !== error.message) say(error.message);
        waits = error.message;
      }
    }
  }

  /** An old answer stays, which is better than none during an outage. A bug is reported once and ends nothing. */
  async function look(): Promise<void> {
    try {
      members = await createMembershipQueries(database.sql).findMembers();
    } catch (error) {
      if (error instanceof Unavailable || isBugReported) return;
      isBugReported = true;
      say(`The processes of other machines cannot be listed: ${lineOf(error)}`);
    }
  }
}
