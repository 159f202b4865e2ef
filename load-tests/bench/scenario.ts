/** The door for scenarios: a file in `scenarios/` that exports one of these, and a line in its catalogue. */
import type { Back, Heard, Pace, Talk } from "./driver/orders.ts";

/** A name with its unit, and the value. Infinite: it never came. */
export type Figure = [name: string, value: number];

export type Scenario = {
  name: string;
  about: string;
  run: (trial: Trial) => Promise<Figure[]>;
};

/** `cpu`: of each process meanwhile, in ms. */
export type Measured = Heard & { cpu: Map<string, number> };
export type Joined = Back & { cpu: Map<string, number> };

/** One contender that was just started, and a driver for it. */
export type Trial = {
  /** How long each step is measured. */
  seconds: number;
  /** How long people talk before anything is measured: a server that runs for hours has compiled its code. */
  warmUpSeconds: number;
  /** Of a number of sockets, as many as `--scale` has; at least two. */
  scaled: (count: number) => number;
  /** Opens a socket in each of these rooms, at its nodes in turn, or all at the first one. */
  seat: (rooms: string[], how?: { pace?: Pace; onOneNode?: boolean }) => Promise<Joined>;
  /** Sends messages and counts; then waits until all of their backlog came. */
  talk: (order: Omit<Talk, "seconds"> & { seconds?: number }) => Promise<Measured>;
  /** Cuts all sockets at one moment, and opens them again. */
  storm: (pace: Pace) => Promise<Joined>;
  /** @returns the CPU of each process meanwhile, in ms. */
  spent: (work: () => Promise<unknown>) => Promise<Map<string, number>>;
  /** Memory of all processes, in KiB. */
  memory: () => number;
};
