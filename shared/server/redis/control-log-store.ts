/** The control log in Redis: a stream of events that every gateway must know at once, and the channel that publishes them. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type ControlLogStore = ReturnType<typeof openControlLogStore>;
type ControlEntry = { id: string; json: string };

export function openControlLogStore(redis: Commands, keys: RedisKeys) {
  const append = openScript(redis, "control-append");
  const head = openScript(redis, "control-head");
  return {
    /** @param keepMs longer than an access token lives. */
    append: (json: string, keepMs: number): Promise<string> =>
      append.run([keys.controlLog, keys.controlChannel], [json, keepMs]) as Promise<string>,
    /** Entries after an id, oldest first. */
    async after(id: string): Promise<ControlEntry[]> {
      const rows = await redis.xrange(keys.controlLog, `(${id}`, "+");
      return rows.map(([entry, fields]) => ({ id: entry, json: fields[1] ?? "{}" }));
    },
    /** The oldest entry's id, `0-0` in an empty log. */
    async oldest(): Promise<string> {
      const [row] = await redis.xrange(keys.controlLog, "-", "+", "COUNT", 1);
      return row?.[0] ?? "0-0";
    },
    /** The run id of Redis and the newest entry's id, `0-0` in an empty log. Asked at each heartbeat, and alone. */
    async head(): Promise<{ run: string; newest: string }> {
      const [run = "", newest = "0-0"] = (await head.runBatch([keys.controlLog], [])) as string[];
      return { run, newest };
    },
  };
}
