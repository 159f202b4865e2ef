/** Judges what Redis told. Pure. */
import { clockFinding } from "./clock.ts";
import type { Finding } from "./finding.ts";
import type { RedisFacts } from "./redis-facts.ts";

/** The first with pub/sub by shard, and the versions that are tried. */
const MIN_MAJOR = 7;
/** Connections of a gateway and of the worker, and a few of commands. */
const CLIENTS = { gateway: 2, worker: 1, others: 8 };

/** @param place "Redis at host:port". @param gateways so many will use it. */
export function redisFindings(facts: RedisFacts, place: string, gateways: number): Finding[] {
  return [
    version(facts, place),
    role(facts, place),
    eviction(facts, place),
    appendOnly(facts, place),
    file(facts, place),
    memory(facts, place),
    clients(facts, place, gateways),
    clockFinding("Redis", place, facts.clockAheadMs),
  ];
}

function version({ server, version: number }: RedisFacts, place: string): Finding {
  const about = "Redis version";
  const fits = Number.parseInt(number, 10) >= MIN_MAJOR;
  if (fits) return { kind: "fine", about, says: `${place} is ${server} ${number}` };
  return {
    ...{ kind: "refuses", about, says: `${place} is ${server} ${number || "of an unknown version"}` },
    mend: "Suda needs Redis 7.0 or Valkey 7.2, or later ones",
  };
}

function role({ role: now, primary, loading }: RedisFacts, place: string): Finding {
  const about = "Redis role";
  if (loading)
    return { kind: "refuses", about, says: `${place} loads its file`, mend: "wait", mayPass: true };
  if (now !== "slave") return { kind: "fine", about, says: `${place} takes writes` };
  return {
    ...{ kind: "refuses", about, says: `${place} is a read-only replica of ${primary}`, mayPass: true },
    mend: `point REDIS_URL to ${primary}`,
  };
}

function eviction({ policy }: RedisFacts, place: string): Finding {
  const about = "Redis eviction";
  if (policy === "noeviction" || policy === "")
    return { kind: "fine", about, says: `${place} evicts nothing` };
  return {
    ...{ kind: "warns", about, says: `${place} may evict messages that PostgreSQL lacks (${policy})` },
    promise: "no loss is off",
    mend: "redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf",
  };
}

function appendOnly({ appendOnly: on }: RedisFacts, place: string): Finding {
  const about = "Redis append-only file";
  if (on) return { kind: "fine", about, says: `${place} keeps an append-only file` };
  return {
    ...{
      kind: "warns",
      about,
      says: `${place} keeps no append-only file: what it acknowledged ends with it`,
    },
    promise: "no loss is off",
    mend: "redis-cli CONFIG SET appendonly yes, and the same in redis.conf",
  };
}

function file({ writesFile }: RedisFacts, place: string): Finding {
  const about = "Redis disk";
  if (writesFile) return { kind: "fine", about, says: `${place} writes its file` };
  return {
    ...{ kind: "warns", about, says: `${place} cannot write its append-only file and refuses messages` },
    mayPass: true,
    mend: "make room on its disk",
  };
}

const MIB = 1 << 20;

function memory({ usedMemory, maxMemory }: RedisFacts, place: string): Finding {
  const about = "Redis memory";
  const used = `${Math.ceil(usedMemory / MIB)} of ${maxMemory > 0 ? Math.ceil(maxMemory / MIB) : "unlimited"} MiB`;
  if (maxMemory === 0 || usedMemory < maxMemory)
    return { kind: "fine", about, says: `${place} uses ${used}` };
  return {
    ...{ kind: "warns", about, says: `${place} is full and refuses messages (${used})` },
    mayPass: true,
    mend: "redis-cli CONFIG SET maxmemory with more, and the same in redis.conf",
  };
}

function clients({ maxClients }: RedisFacts, place: string, gateways: number): Finding {
  const about = "Redis connections";
  const need = gateways * CLIENTS.gateway + CLIENTS.worker + CLIENTS.others;
  if (maxClients === undefined) return { kind: "fine", about, says: `${place} names no limit of clients` };
  const says = `${place} allows ${maxClients} clients, ${gateways} gateways and a worker need ${need}`;
  if (maxClients >= need) return { kind: "fine", about, says };
  return { kind: "refuses", about, says, mend: "raise maxclients" };
}
