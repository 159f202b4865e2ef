/** The cluster that faults are injected into: an ordinary one, one that reaches its Redis through a relay, or one of two machines. */
import type { Minted } from "../../support/commands.ts";
import { type Relay, startRelay } from "../../support/relay.ts";
import type { Random } from "../random.ts";
import { type FaultCluster, type FaultClusterSettings, startFaultCluster } from "./fault-cluster.ts";
import { startOwnRedis } from "./own-redis.ts";
import { type SecondMachine, startSecondMachine } from "./second-machine.ts";

export type FaultTarget = {
  cluster: FaultCluster;
  relay: Relay | undefined;
  machine: SecondMachine | undefined;
  users: Minted[];
  moderator: Minted;
  random: Random;
  close: () => Promise<void>;
};
export type FaultTargetSettings = FaultClusterSettings & { clients: number; random: Random };

/** Matches pub/sub connections. */
const SUBSCRIBE = /\bs?subscribe\b/i;

/** Starts a cluster with a user for each client. */
export async function openFaultTarget({
  clients,
  random,
  ...settings
}: FaultTargetSettings): Promise<FaultTarget> {
  const cluster = await startFaultCluster(settings);
  const [moderator, ...users] = await cluster.mint(clients + 1);
  if (!moderator) throw new Error("nobody moderates");
  await cluster.grant(moderator, "moderator");
  return { cluster, relay: undefined, machine: undefined, users, moderator, random, close: cluster.stop };
}

/** Starts such a cluster, and a second machine that joins it. */
export async function openTwoMachines(settings: FaultTargetSettings): Promise<FaultTarget> {
  const target = await openFaultTarget(settings);
  try {
    const machine = await startSecondMachine(target.cluster);
    return {
      ...target,
      machine,
      async close() {
        await machine.stop();
        await target.close();
      },
    };
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** Starts such a cluster with its own Redis behind a relay. */
export async function openRelayedFaultTarget(settings: FaultTargetSettings): Promise<FaultTarget> {
  const redis = await startOwnRedis();
  const relay = await startRelay(redis.port, { mark: SUBSCRIBE });
  try {
    const url = `redis://:${redis.password}@127.0.0.1:${relay.port}`;
    const behind = { url, folder: redis.folder, pid: redis.pid };
    const target = await openFaultTarget({ ...settings, redis: behind });
    return {
      ...target,
      relay,
      async close() {
        await target.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }

  async function release(): Promise<void> {
    await relay.close();
    await redis.stop();
  }
}
