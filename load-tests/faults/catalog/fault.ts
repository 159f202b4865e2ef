/** The type of a fault, and its means. */

import type { Relay } from "../../support/relay.ts";
import type { Crowd } from "../client/crowd.ts";
import type { Random } from "../random.ts";
import type { FaultCluster } from "../target/fault-cluster.ts";
import type { SecondMachine } from "../target/second-machine.ts";

export type FaultContext = {
  cluster: FaultCluster;
  crowd: Crowd;
  /** The first of the crowd's rooms. */
  room: string;
  random: Random;
  /** The relay between the cluster and its Redis, if the fault needs one. */
  relay: Relay | undefined;
  /** The second machine of the cluster, if the fault needs one. */
  machine: SecondMachine | undefined;
  /** Seconds of load: a fault that would last longer than half of them is shortened. */
  seconds: number;
  /** Adds a remark beside the figures. */
  note: (words: string) => void;
  /** Reports that a promised time was exceeded. */
  reportSloBreach: (words: string) => void;
};

export type Fault = {
  name: string;
  /** A few words for the list of faults. */
  about: string;
  /** A mix never injects two faults with the same target at a time. */
  target: "gateways" | "redis" | "worker" | "postgres" | "nginx" | "clients";
  /** A cluster with its Redis behind a relay, or one of two machines. */
  needs?: "relay" | "machine";
  /** Promised times, in milliseconds. */
  within?: { silenceMax?: number; silenceP99?: number; recoveredP99?: number; count?: number };
  /** No client may have to start over, because a gateway or Redis has all events that it lacks. */
  resumes?: true;
  /** Injects the fault, and repairs damage that the cluster does not repair by itself; resolves when that is done. */
  inject: (context: FaultContext) => Promise<void>;
};

/** The duration of a lasting fault. */
export const lasting = ({ seconds }: FaultContext, ms: number): number => Math.min(ms, seconds * 500);
