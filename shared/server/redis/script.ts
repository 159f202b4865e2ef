/**
 * Runs a Lua script by its hash; Redis is given the text only when it does not know it. The library's own `defineCommand` does
 * the same at the same speed, is no better typed, and was let be: docs/decisions/0027-scripts-by-their-hash.md.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Commands } from "./connect.ts";

type Argument = string | number | Buffer;
export type Script = {
  /** Answers with strings. */
  run: (keys: string[], args: Argument[]) => Promise<unknown>;
  /** Answers with bytes: for what is handed on unread. */
  runBytes: (keys: string[], args: Argument[]) => Promise<unknown>;
};

/** @param name file in `lua/` without its ending; read once, at start. */
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
  };
}

const read = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");

/** A line `-- include: name` stands for the file of that name in `lua/include/`, because Redis knows no libraries in EVAL. */
const readScript = (name: string): string =>
  read(name).replace(/^ *-- include: ([a-z-]+)$/gm, (_, included: string) =>
    read(`include/${included}`).trimEnd(),
  );

const isUnknownScript = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith("NOSCRIPT");
