/** A cluster of the checker's own, with the means to break it: its processes, its stores, its commands. */
import { join } from "node:path";
import { until } from "../../../shared/until.ts";
import { type Cluster, findCluster, readBackends } from "../../cluster.ts";
import type { Minted } from "../../support/commands.ts";
import { type ClusterOptions, startLocalCluster } from "../../support/local-cluster.ts";
import { signal } from "./processes.ts";

export type FaultCluster = Awaited<ReturnType<typeof startFaultCluster>>;
export type FaultClusterSettings = {
  gateways: number;
  /** A data folder that is kept afterwards. */
  data?: string | undefined;
  /** A Redis in place of the cluster's own, which its owner restarts when it ends. */
  redis?: { url: string; folder: string; pid: () => number | undefined };
} & Pick<ClusterOptions, "quick">;

/** The worker's delay, so that the last messages of a run are in PostgreSQL after 1 s, not after 10 s. */
const ARCHIVE_MS = 1_000;
/** Rooms leave Redis as soon as nobody is in them, so that they leave and come back during other faults too. */
const IDLE_MINUTES = 0.01;
const BACK_WITHIN_MS = 60_000;

/** @throws Error when the cluster does not start. */
export async function startFaultCluster({ gateways, data: given, redis, ...how }: FaultClusterSettings) {
  const settings = {
    SUDA_ARCHIVE_MS: String(ARCHIVE_MS),
    SUDA_ROOM_IDLE_MINUTES: String(IDLE_MINUTES),
  };
  const cluster = await startLocalCluster({
    gateways,
    env: { ...settings, REDIS_URL: redis?.url ?? "" },
    data: given,
    ...how,
  });
  const { data, port, url, command, roll, scale, mint, stop } = cluster;
  const status = (): Promise<Cluster> => findCluster(data);

  return {
    data,
    /** The settings of its processes. */
    settings,
    redisFolder: redis?.folder ?? join(data, "redis"),
    address: { host: "127.0.0.1", port },
    url,
    backends: readBackends(data),
    command,
    status,
    async isReady(): Promise<boolean> {
      // During a fault there may be no answer. The cluster is not ready then.
      const processes = (await status().catch(() => undefined))?.processes ?? [];
      return processes.length > 0 && processes.every(({ ready }) => ready);
    },
    pidOf,
    /** @returns the pid that the signal was sent to. */
    async signal(name: string, signalName: NodeJS.Signals): Promise<number> {
      const pid = await pidOf(name);
      signal(pid, signalName);
      return pid;
    },
    roll,
    scale,
    grant: ({ user }: Minted, role: string) =>
      command("admin", "grant", `${user.nickname}@suda.invalid`, role),
    mint,
    stop,
  };

  /** Waits for a process that is being restarted. */
  async function pidOf(name: string): Promise<number> {
    let pid: number | undefined;
    await until(
      `${name} runs`,
      async () => {
        pid = name === "redis" && redis ? redis.pid() : await pidByStatus(name);
        return Boolean(pid);
      },
      { withinMs: BACK_WITHIN_MS, everyMs: 50 },
    );
    return Number(pid);
  }

  async function pidByStatus(name: string): Promise<number | undefined> {
    return (await status()).processes.find((each) => each.name === name)?.pid;
  }
}
