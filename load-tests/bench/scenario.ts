/** The door for scenarios: a file in `scenarios/` that exports one of these, and a line in its catalogue. */
import type { Back, Talk } from "./driver/orders.ts";
import type { Measured } from "./trial.ts";

/** A name with its unit, and the value. Infinite: it never came. */
export type Figure = [name: string, value: number];

export type Scenario = {
  name: string;
  about: string;
  run: (trial: Trial) => Promise<Figure[]>;
};

/** One contender that was just started, and a driver for it. */
export type Trial = {
  /** How long each step is measured. */
  seconds: number;
  /** Of a number of sockets, as many as `--scale` has; at least two. */
  scaled: (count: number) => number;
  /** Opens a socket in each of these rooms, at its nodes in turn. */
  seat: (rooms: string[], abreast?: number) => Promise<Back>;
  /** Sends messages and counts; then waits until all of their backlog came. */
  talk: (order: Omit<Talk, "seconds"> & { seconds?: number }) => Promise<Measured>;
  storm: (abreast: number) => Promise<Back>;
  /** CPU of each process meanwhile, in ms. */
  spent: (work: () => Promise<unknown>) => Promise<Map<string, number>>;
  /** Memory of all processes, in KiB. */
  memory: () => number;
};
