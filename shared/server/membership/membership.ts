/**
 * The membership of a process in the cluster of its database. It joins before it does anything else, and renews while it lives, so
 * that no process with another Redis or with other signing keys can run beside it: two logs would give one seq to two messages.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "../postgres/pool.ts";
import type { Log } from "../process/logger.ts";
import { Refused } from "../process/refused.ts";
import { Unavailable } from "../process/unavailable.ts";
import type { ClusterMark, openClusterMarkStore } from "../redis/cluster-mark-store.ts";
import { decide, otherPrefix, otherRedis } from "./decision.ts";
import {
  createMembershipQueries,
  type Identity,
  type Living,
  type Report,
  redisesOf,
} from "./membership-queries.ts";

export type Membership = ReturnType<typeof createMembership>;
export type MembershipDeps = {
  sql: Sql;
  marks: ReturnType<typeof openClusterMarkStore>;
  self: Pick<Identity, "kind" | "name" | "address" | "signingKeys">;
  keyPrefix: string;
  report: () => Report;
  /** Called when another process turns out to be older and to have another Redis; this one must end. */
  onRefused: (error: Refused) => void;
  log: Log;
};

const RENEW_MS = 2_000;
/** A process that stops during an outage waits no longer; its lease runs out by itself. */
const LEAVE_MS = 1_000;
/** So many renewals since the first look prove that a process lives, and that its Redis had time to get its mark back. */
const PROOF = 2;

export function createMembership({ sql, marks, self, keyPrefix, report, onRefused, log }: MembershipDeps) {
  const identity: Identity = { ...self, id: randomUUID(), machine: hostname(), pid: process.pid };
  const startedAt = performance.now();
  let member: Required<ClusterMark> | undefined;
  let suspect: Living | undefined;
  let renewing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  return {
    machine: identity.machine,

    /**
     * @throws Refused with what a person has to change; Unavailable while that is not decided, or a store does not answer.
     */
    async join(): Promise<void> {
      member = await sql.begin(enter);
      timer ??= setInterval(renewInTurn, RENEW_MS);
    },

    /** Gives the place up, so that nobody waits for the end of its lease. */
    async leave(): Promise<void> {
      clearInterval(timer);
      const isMember = member !== undefined;
      member = undefined;
      if (isMember) await Promise.race([remove(), delay(LEAVE_MS, undefined, { ref: false })]);
    },
  };

  /** One process at a time, with what it finds in Redis. */
  async function enter(tx: Parameters<Parameters<Sql["begin"]>[1]>[0]): Promise<Required<ClusterMark>> {
    const queries = createMembershipQueries(tx);
    await queries.lock();
    const settings = await queries.findSettings();
    const clusterId = settings.get("id");
    if (clusterId === undefined) throw new Unavailable("the cluster has no name yet");
    await requirePrefix(queries.agreeOn);
    const mark = await marks.read();
    const living = (await queries.findLiving()).filter(({ id }) => id !== identity.id);
    const redises = redisesOf(settings);
    const { signingKeys } = identity;
    const decision = decide({ clusterId, mark, living, redises, signingKeys, keyPrefix });
    if ("strangerTo" in decision) throw stranger(decision.strangerTo, decision.refusal);
    const redisId = decision.redis ?? randomUUID();
    const now = await marks.put({ redisId, clusterId });
    if (now.redisId !== redisId || now.clusterId !== clusterId)
      throw new Unavailable("Redis was given to another cluster in this moment");
    await queries.addRedis(redisId, redises.length + 1);
    await queries.renew(identity, redisId, report(), performance.now() - startedAt, true);
    return { redisId, clusterId };
  }

  async function requirePrefix(agreeOn: (key: string, value: string) => Promise<string>): Promise<void> {
    const agreed = await agreeOn("key_prefix", keyPrefix);
    if (agreed !== keyPrefix) throw otherPrefix(keyPrefix, agreed);
  }

  /** The lease of a process that was killed runs out; one that is renewed lives. */
  function stranger(other: Living, refusal: Refused): Error {
    if (suspect?.id !== other.id) suspect = other;
    if (other.renewals >= suspect.renewals + PROOF) return refusal;
    return new Unavailable(`waiting to learn whether ${other.name} on ${other.machine} still lives`);
  }

  /** One at a time, and none after the process has left. */
  function renewInTurn(): void {
    renewing ??= renew()
      .catch(failed)
      .finally(() => {
        renewing = undefined;
      });
  }

  async function renew(): Promise<void> {
    const ours = member;
    if (!ours) return;
    const confirmed = await confirm(ours);
    const { renew: renewRow } = createMembershipQueries(sql);
    const ageMs = performance.now() - startedAt;
    const oldest = await renewRow(identity, ours.redisId, report(), ageMs, confirmed);
    if (oldest && oldest.redis !== ours.redisId) onRefused(otherRedis(oldest));
  }

  /** Gives a Redis that was emptied its mark back. @returns false while it does not answer. */
  async function confirm(ours: Required<ClusterMark>): Promise<boolean> {
    try {
      const now = await marks.put(ours);
      const isOurs = now.redisId === ours.redisId && now.clusterId === ours.clusterId;
      if (!isOurs) onRefused(new Refused("Redis is another one than it was: its mark has changed"));
      return isOurs;
    } catch (error) {
      if (error instanceof Unavailable) return false;
      throw error;
    }
  }

  async function remove(): Promise<void> {
    await renewing;
    await createMembershipQueries(sql).remove(identity.id).catch(failed);
  }

  /** An outage is logged by those who use the stores. */
  function failed(error: unknown): void {
    if (!(error instanceof Unavailable))
      log.error({ err: error }, "internal error: a membership was not renewed");
  }
}
