/** The cluster that faults are played on: an ordinary one, or one that reaches its Redis through a proxy. */
import { freePort } from "../../cluster.ts";
import type { Random } from "../random.ts";
import type { Stage } from "../run-fault.ts";
import { type FaultClusterSettings, startFaultCluster } from "./fault-cluster.ts";
import { startOwnRedis } from "./own-redis.ts";
import { openProxy } from "./relay.ts";

export type StageSettings = FaultClusterSettings & { clients: number; random: Random };
export type OpenStage = Stage & { close: () => Promise<void> };

export async function openStage({ clients, random, ...settings }: StageSettings): Promise<OpenStage> {
  const cluster = await startFaultCluster(settings);
  return { cluster, proxy: null, users: await cluster.mint(clients), random, close: cluster.stop };
}

export async function openProxiedStage(settings: StageSettings): Promise<OpenStage> {
  const redis = await startOwnRedis();
  const port = await freePort();
  const proxy = await openProxy(port, redis.port);
  const release = async (): Promise<void> => {
    await proxy.close();
    await redis.stop();
  };
  try {
    const url = `redis://:${redis.password}@127.0.0.1:${port}`;
    const stage = await openStage({ ...settings, redis: { url, folder: redis.folder, pid: redis.pid } });
    const close = async (): Promise<void> => {
      await stage.close();
      await release();
    };
    return { ...stage, proxy, close };
  } catch (error) {
    await release();
    throw error;
  }
}
