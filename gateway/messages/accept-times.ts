/**
 * The time that a message takes from its arrival to each step: admitted by the rules, appended to the log, heard on this gateway's bus,
 * written to the sockets here. One message in some is measured. Owns the steps; the rooms tell when an event was heard and written.
 */
import type { Room } from "../room-log/live-room.ts";

export type Step = "admitted" | "appended" | "heard" | "written";
/** Of one message that is measured. */
export type AcceptTimer = { admitted: () => void; appended: (room: string, seq: number) => void };
export type AcceptTimes = ReturnType<typeof createAcceptTimes>;

/** A measured message costs ten microseconds, most of them for the histograms, and its share is enough for every quantile. */
const ONE_IN = 16;

/**
 * @param observe gets the step and the time since the message arrived, in seconds.
 * @param roomOf the room in this gateway's memory.
 */
export function createAcceptTimes(
  observe: (step: Step, seconds: number) => void,
  roomOf: (name: string) => Pick<Room, "heard" | "written"> | undefined,
  now = () => performance.now(),
) {
  let count = 0;

  return {
    /** @param receivedAt by `performance.now()`. @returns undefined for a message that is not measured. */
    begin(receivedAt: number): AcceptTimer | undefined {
      count = (count + 1) % ONE_IN;
      if (count !== 1) return undefined;
      const reached = (step: Step) => () => observe(step, (now() - receivedAt) / 1_000);
      return {
        admitted: reached("admitted"),
        appended(room, seq) {
          observe("appended", (now() - receivedAt) / 1_000);
          const place = roomOf(room);
          place?.heard.when(seq, reached("heard"));
          place?.written.when(seq, reached("written"));
        },
      };
    },
  };
}
