/** Once a second, while anybody follows rooms here: one look at all of them, and the frames that come of it. */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { FOLLOW_MS } from "../../shared/timeouts.ts";
import type { Followed } from "./deliveries.ts";
import type { Following } from "./following.ts";
import type { Moves } from "./moves.ts";
import type { Readers } from "./readers.ts";
import type { ReportFault } from "./report-fault.ts";
import type { Tails } from "./tails.ts";

export type FollowLoopDeps = {
  following: Pick<Following, "recountAll" | "lengthenAll" | "deliverAll" | "settleAll">;
  tails: Pick<Tails<Followed>, "look" | "count">;
  readers: Pick<Readers, "check" | "missed">;
  moves: Pick<Moves, "flush" | "repeat" | "waiting">;
  onInternalError: ReportFault;
};

export function createFollowLoop({ following, tails, readers, moves, onInternalError }: FollowLoopDeps) {
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  /** The run of Redis at the last look. */
  let run = "";

  return {
    look,
    /** To be called when somebody follows a room, or reads. */
    start(): void {
      timer ??= setInterval(() => void lookSafely(), FOLLOW_MS);
    },
    /** Writes the reads that wait. */
    async close(): Promise<void> {
      clearInterval(timer);
      try {
        await moves.flush();
      } catch (error) {
        // Each client sends its reads again to its next gateway.
        if (!(error instanceof Unavailable)) throw error;
      }
    },
  };

  async function lookSafely(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      await look();
      if (tails.count > 0 || moves.waiting > 0) return;
      clearInterval(timer);
      timer = undefined;
    } catch (error) {
      // An outage ends with a later look, which finds what was missed.
      if (!(error instanceof Unavailable)) onInternalError(error, "task", { task: "follow" });
    } finally {
      looking = false;
    }
  }

  /** @throws Unavailable. */
  async function look(): Promise<void> {
    await following.settleAll();
    const redis = await tails.look(following.recountAll);
    await following.lengthenAll();
    await following.deliverAll();
    if (redis && redis.run !== run) {
      if (run !== "") {
        moves.repeat();
        readers.missed();
      }
      run = redis.run;
    }
    await moves.flush();
    if (redis) await readers.check(redis.announced);
  }
}
