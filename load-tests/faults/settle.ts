/** Waits until everything that is to happen has happened: all messages answered, everybody at the same place, PostgreSQL too. */
import { setTimeout as wait } from "node:timers/promises";
import type { Crowd } from "./client/crowd.ts";
import type { FaultCluster } from "./target/fault-cluster.ts";

const LOOK_MS = 100;
const LIMIT_MS = 60_000;

/** @returns what is still not settled when patience ends; empty when all is. */
export async function settle(crowd: Crowd, cluster: FaultCluster): Promise<string[]> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    let left = unsettled(crowd);
    if (left.length === 0 && !(await cluster.isWhole())) left = ["the cluster is not ready"];
    if (left.length === 0 || performance.now() > deadline) return left;
    await wait(LOOK_MS);
  }
}

function unsettled({ clients, front }: Crowd): string[] {
  const head = front();
  const left: string[] = [];
  const count = (what: string, many: number): void => {
    if (many > 0) left.push(`${many} ${what}`);
  };
  count("clients are not joined", clients.filter((client) => !client.joined()).length);
  count(
    "messages are unanswered",
    clients.reduce((sum, { outbox }) => sum + outbox.pending(), 0),
  );
  count("clients are behind", clients.filter((client) => client.seq() < head).length);
  count(
    "clients do not know the last message to be stored",
    clients.filter(({ outbox }) => outbox.unstored() > 0).length,
  );
  return left;
}
