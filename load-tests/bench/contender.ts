/** The door for contenders: a file in `contenders/` that exports one of these, and a line in its catalogue. */
import type { Dialect, Seat } from "./dialect.ts";
import type { Tree } from "./processes.ts";

export type Contender = {
  name: string;
  /** One line for the document: the processes, and their guarantees. */
  about: string;
  dialect: Dialect;
  /** Names of scenarios that it takes no part in. */
  without?: readonly string[];
  /** @throws Unobtainable when something that it needs is not to be had. */
  start: (need: Need) => Promise<Running>;
};

type Need = {
  /** For its own files; removed afterwards. */
  folder: string;
  /** For what is built or installed once. */
  tools: string;
  say: (line: string) => void;
};

export type Running = {
  /** The addresses of its nodes, or of the proxy before them. */
  ports: number[];
  /** Each with its children. */
  processes: Tree[];
  /** Its parts, such as `Redis 7.0.15`. */
  versions: string[];
  /** Makes the rooms, and a user with credentials for each seat. `rooms[n]`: the room of seat n. */
  prepare: (rooms: string[]) => Promise<Pick<Seat, "user" | "token">[]>;
  stop: () => Promise<void>;
};

/** A contender that cannot be had here. The message is the reason. */
export class Unobtainable extends Error {}
