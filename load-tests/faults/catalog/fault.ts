/** What a fault is, and what it may lay hands on. */

import type { Crowd } from "../client/crowd.ts";
import type { Random } from "../random.ts";
import type { FaultCluster } from "../target/fault-cluster.ts";
import type { RedisProxy } from "../target/relay.ts";

export type World = {
  cluster: FaultCluster;
  crowd: Crowd;
  room: string;
  random: Random;
  /** Between the cluster and its Redis; only where a fault needs it. */
  proxy: RedisProxy | null;
  /** Seconds of load: what would last longer than half of them is shortened. */
  seconds: number;
  /** Something to be told beside the figures. */
  note: (words: string) => void;
  /** A promised time was exceeded, in words. */
  late: (words: string) => void;
};

export type Fault = {
  name: string;
  /** In a few words, for the list of faults. */
  about: string;
  /** What is hit: of those that hit the same, a mix strikes with one at a time. */
  target: "gateways" | "redis" | "worker" | "postgres" | "nginx" | "clients";
  /** It has to be struck through a proxy, in a cluster whose Redis is behind one. */
  needsProxy?: true;
  /** Promised times, in milliseconds. */
  within?: { silenceMost?: number; silenceP99?: number; healP99?: number; count?: number };
  /** What a client misses must be had from a gateway or from Redis: nobody may be told to start over. */
  resumes?: true;
  /** Breaks something and mends it again as far as the cluster does not do so by itself; resolves when that is done. */
  strike: (world: World) => Promise<void>;
};

/** How long a lasting fault lasts. */
export const lasting = ({ seconds }: World, ms: number): number => Math.min(ms, seconds * 500);
