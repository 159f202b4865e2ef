/** The memory of Redis. */
import type { Commands } from "./connect.ts";

/** `max`: the limit of Redis, or the memory of its machine if it has none. In bytes. */
export type MemoryUse = { used: number; max: number };

export async function readMemory(redis: Pick<Commands, "info">): Promise<MemoryUse> {
  const info = await redis.info("memory");
  const read = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  return { used: read("used_memory"), max: read("maxmemory") || read("total_system_memory") };
}
