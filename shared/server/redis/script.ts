/**
 * Runs a Lua script by its hash, and sends its text only if Redis does not know it. The library's own `defineCommand` does
 * the same but is neither faster nor better typed: docs/decisions/0027-scripts-by-their-hash.md.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Commands } from "./connect.ts";
import type { Argument } from "./encoded-command.ts";

export type Script = {
  /** Answers with strings. */
  run: (keys: string[], args: Argument[]) => Promise<unknown>;
  /** Answers with bytes, for data that is passed on without being read. */
  runBytes: (keys: string[], args: Argument[]) => Promise<unknown>;
  /** As `run`, for a call that is a batch already: it is written now and waits for no other. */
  runBatch: (keys: string[], args: Argument[]) => Promise<unknown>;
};

/** @param name file in `lua/` without its extension; read once, at start. */
export function openScript(redis: Commands, name: string): Script {
  const lua = readScript(name);
  const hash = createHash("sha1").update(lua).digest("hex");
  return {
    run: (keys, args) =>
      redis.evalsha(hash, keys.length, [...keys, ...args]).catch((error: unknown) => {
        if (!isUnknownScript(error)) throw error;
        return redis.eval(lua, keys.length, [...keys, ...args]);
      }),
    runBytes: (keys, args) =>
      redis.evalshaBuffer(hash, keys.length, [...keys, ...args]).catch((error: unknown) => {
        if (!isUnknownScript(error)) throw error;
        return redis.evalBuffer(lua, keys.length, [...keys, ...args]);
      }),
    runBatch: (keys, args) =>
      redis.writeNow("evalsha", [hash, keys.length], keys, args).catch((error: unknown) => {
        if (!isUnknownScript(error)) throw error;
        return redis.writeNow("eval", [lua, keys.length], keys, args);
      }),
  };
}

const read = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");

/** Replaces each line `-- include: name` by that file of `lua/include/`, because scripts in EVAL cannot load libraries. */
const readScript = (name: string): string =>
  read(name).replace(/^ *-- include: ([a-z-]+)$/gm, (_, included: string) =>
    read(`include/${included}`).trimEnd(),
  );

const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("NOSCRIPT");
