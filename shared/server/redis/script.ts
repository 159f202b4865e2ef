/** Runs a Lua script by its hash; Redis is given the text only when it does not know it. */
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
  const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), "utf8");
  const hash = createHash("sha1").update(lua).digest("hex");
  const unknown = (error: unknown): boolean => error instanceof Error && error.message.startsWith("NOSCRIPT");
  return {
    run: (keys, args) =>
      redis.evalsha(hash, keys.length, [...keys, ...args]).catch((error: unknown) => {
        if (!unknown(error)) throw error;
        return redis.eval(lua, keys.length, [...keys, ...args]);
      }),
    runBytes: (keys, args) =>
      redis.evalshaBuffer(hash, keys.length, [...keys, ...args]).catch((error: unknown) => {
        if (!unknown(error)) throw error;
        return redis.evalBuffer(lua, keys.length, [...keys, ...args]);
      }),
  };
}
