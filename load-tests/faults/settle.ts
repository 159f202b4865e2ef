/** Waits until nothing is under way any more: every message answered, every client of a room at the same seq, PostgreSQL too. */
import { comesTrue } from "../../shared/until.ts";
import type { Crowd } from "./client/crowd.ts";
import type { FaultCluster } from "./target/fault-cluster.ts";

const POLLING = { withinMs: 60_000, everyMs: 100 };

/** @returns everything that has not settled in time. */
export async function settle(crowd: Crowd, cluster: FaultCluster): Promise<string[]> {
  let left: string[] = [];
  await comesTrue(async () => {
    left = unsettled(crowd);
    if (left.length === 0 && !(await cluster.isReady())) left = ["the cluster is not ready"];
    return left.length === 0;
  }, POLLING);
  return left;
}

function unsettled({ clients, fronts }: Crowd): string[] {
  const heads = fronts();
  const left: string[] = [];
  count("clients are not joined", clients.filter((client) => !client.joined()).length);
  count(
    "messages are unanswered",
    clients.reduce((sum, { sentLog }) => sum + sentLog.pending(), 0),
  );
  count(
    "clients are behind",
    clients.filter((client) => client.seq() < (heads.get(client.room) ?? 0)).length,
  );
  count(
    "clients do not know the last message to be stored",
    clients.filter(({ sentLog }) => sentLog.unstored() > 0).length,
  );
  count(
    "reactions are not part of the room",
    clients.reduce((sum, client) => sum + client.openWishes(), 0),
  );
  count(
    "clients do not know their whole room to be stored",
    clients.filter((client) => client.stored() < client.seq()).length,
  );
  return left;

  function count(what: string, many: number): void {
    if (many > 0) left.push(`${many} ${what}`);
  }
}
