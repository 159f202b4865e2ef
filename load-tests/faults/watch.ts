/** Polls all clients many times a second for the last moment at which each of them was unhealthy. */
import type { FaultClient } from "./client/client.ts";
import type { Crowd } from "./client/crowd.ts";

const POLL_MS = 50;
/** A healthy client has an event at most this many polls after another client of its room. */
const MAX_POLLS_BEHIND = 10;
/** A message should be answered within this time. */
const ANSWER_MS = 1_000;

export function watchCrowd(crowd: Crowd) {
  const unhealthyAt = new Float64Array(crowd.clients.length);
  const fronts: ReadonlyMap<string, number>[] = [];
  let miscountAt = 0;
  let unstored = 0;
  const timer = setInterval(poll, POLL_MS);

  return {
    /**
     * @returns milliseconds from `since` until each client was healthy for good (`healed`) and until all had the right
     * number of people (`counted`), and the maximum of messages that PostgreSQL did not have yet (`unstored`).
     */
    end(since: number): { healed: number[]; counted: number; unstored: number } {
      clearInterval(timer);
      return {
        healed: [...unhealthyAt].map((at) => Math.max(0, at - since)),
        counted: Math.max(0, miscountAt - since),
        unstored,
      };
    },
  };

  function poll(): void {
    const now = performance.now();
    fronts.push(crowd.fronts());
    unstored = Math.max(unstored, crowd.unstored());
    const front = fronts.length > MAX_POLLS_BEHIND ? fronts.shift() : undefined;
    for (const [index, client] of crowd.clients.entries())
      if (!isHealthy(client, front?.get(client.room) ?? 0, now)) unhealthyAt[index] = now;
    if (
      crowd.clients.some(
        (client) => client.joined() && client.people() !== crowd.membersOf(client.room).length,
      )
    )
      miscountAt = now;
  }
}

const isHealthy = (client: FaultClient, front: number, now: number): boolean =>
  client.joined() && client.seq() >= front && now - (client.sentLog.waitingSince() ?? now) < ANSWER_MS;
