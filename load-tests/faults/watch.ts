/** Looks at all clients many times a second: when was each of them last not what it should be? */
import type { FaultClient } from "./client/client.ts";
import type { Crowd } from "./client/crowd.ts";

export type Watch = ReturnType<typeof watchCrowd>;

const LOOK_MS = 50;
/** What one client has, every other one should have this much later. */
const BEHIND_LOOKS = 10;
/** A message should be answered in this time. */
const ANSWER_MS = 1_000;

export function watchCrowd(crowd: Crowd) {
  const unwholeAt = new Float64Array(crowd.clients.length);
  const fronts: number[] = [];
  let miscountAt = 0;
  let unstored = 0;

  const isWhole = (client: FaultClient, front: number, now: number): boolean =>
    client.joined() && client.seq() >= front && now - (client.outbox.waitingSince() ?? now) < ANSWER_MS;

  const look = (): void => {
    const now = performance.now();
    fronts.push(crowd.front());
    unstored = Math.max(unstored, crowd.unstored());
    const front = fronts.length > BEHIND_LOOKS ? (fronts.shift() ?? 0) : 0;
    for (const [index, client] of crowd.clients.entries())
      if (!isWhole(client, front, now)) unwholeAt[index] = now;
    if (crowd.clients.some((client) => client.joined() && client.people() !== crowd.clients.length))
      miscountAt = now;
  };
  const timer = setInterval(look, LOOK_MS);

  return {
    /**
     * @returns for each client how many milliseconds after `since` it was whole again and stayed so, and after how many
     * all were told the right number of people; and how many messages waited for PostgreSQL, at most.
     */
    end(since: number): { healed: number[]; counted: number; unstored: number } {
      clearInterval(timer);
      return {
        healed: [...unwholeAt].map((at) => Math.max(0, at - since)),
        counted: Math.max(0, miscountAt - since),
        unstored,
      };
    },
  };
}
