/** Reads facts about Redis, by INFO and TIME, which every user of Suda may ask. */

type Asked = { info(): Promise<string>; time(): Promise<(number | string)[]> };
export type RedisFacts = {
  /** "Redis" or "Valkey". */
  server: string;
  version: string;
  role: string;
  /** host:port of the primary of a replica. */
  primary: string;
  loading: boolean;
  policy: string;
  appendOnly: boolean;
  /** Whether it last wrote its append-only file well. */
  writesFile: boolean;
  usedMemory: number;
  /** 0: no limit. */
  maxMemory: number;
  maxClients: number | undefined;
  /** Its clock against ours, ms: above 0 it is ahead. */
  clockAheadMs: number;
};

export async function readRedisFacts(redis: Asked): Promise<RedisFacts> {
  const before = Date.now();
  const [text, [seconds = 0, micros = 0]] = await Promise.all([redis.info(), redis.time()]);
  const theirs = Number(seconds) * 1_000 + Number(micros) / 1_000;
  return { ...parseInfo(text), clockAheadMs: Math.round(theirs - (before + Date.now()) / 2) };
}

/** @param text the answer to INFO. */
function parseInfo(text: string): Omit<RedisFacts, "clockAheadMs"> {
  const values = new Map(text.split(/\r?\n/).map((line) => [line.split(":", 1)[0] ?? "", afterColon(line)]));
  const get = (name: string): string => values.get(name) ?? "";
  const isValkey = get("valkey_version") !== "" || get("server_name") === "valkey";
  const maxClients = Number(get("maxclients"));
  return {
    server: isValkey ? "Valkey" : "Redis",
    version: get("valkey_version") || get("redis_version"),
    role: get("role"),
    primary: `${get("master_host")}:${get("master_port")}`,
    loading: get("loading") === "1",
    policy: get("maxmemory_policy"),
    appendOnly: get("aof_enabled") !== "0",
    writesFile: get("aof_last_write_status") !== "err",
    usedMemory: Number(get("used_memory")),
    maxMemory: Number(get("maxmemory")),
    maxClients: maxClients > 0 ? maxClients : undefined,
  };
}

const afterColon = (line: string): string => line.slice(line.indexOf(":") + 1).trim();
