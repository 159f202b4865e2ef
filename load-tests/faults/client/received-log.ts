/** The events that a client shows of a room, by the rules of the contract: none past a gap, none twice. Pure. */
import type { Joined, RemovedEvent, RoomEvent } from "../../../shared/server-frames.ts";
import { isRepliable, type Piece, type Receiver } from "./journal.ts";

export type Position = { epoch: string; seq: number };
/** A join without an answer yet: the time of its write, and the seq that it named. */
export type Asked = { at: number; since: number | undefined };

const isRemovedBy = ({ author, from, seq }: RemovedEvent, event: RoomEvent): boolean =>
  event.type === "message" && event.user.id === author && event.seq >= from && event.seq < seq;

export function createReceivedLog(name: string) {
  const receiver: Receiver = { name, pieces: [], joins: [], gaps: [], repeats: [], leaks: [], strays: [] };
  let piece: Piece | undefined;
  let epoch = "";
  /** The last seq on this connection; during a move the other one may have been ahead of it. */
  let heard = 0;

  return {
    receiver,
    /** Where to resume from; undefined before the first `joined`. */
    position: (): Position | undefined => (piece ? { epoch, seq: piece.to } : undefined),
    seq: (): number => piece?.to ?? 0,
    /** The seq of the newest shown message up to `stored` that may be replied to; undefined if it shows none. */
    repliable: (stored: number): number | undefined =>
      piece?.events.findLast(
        (event) =>
          event.seq <= stored && event.type === "message" && !event.deleted && isRepliable(event.clientId),
      )?.seq,

    /** A newer message of the shown ones that is not deleted: the `nth` from the end; undefined if it shows none. */
    reactable: (nth: number): number | undefined =>
      piece?.events.filter((event) => event.type === "message" && !event.deleted).at(-1 - nth)?.seq,
    /** Whether the message was deleted or removed, or is not shown any more. */
    isGone: (target: number): boolean => {
      const events = piece?.events ?? [];
      const message = events.find(({ seq }) => seq === target);
      if (message?.type !== "message" || message.deleted) return true;
      return events.some(
        (event) =>
          (event.type === "deleted" && event.target === target) ||
          (event.type === "removed" && isRemovedBy(event, message)),
      );
    },

    /**
     * @param asked the join that waits for an answer, if any.
     * @returns true when a new epoch began since the previous `joined`.
     */
    joined(frame: Joined, asked?: Asked): boolean {
      findLeaks(frame);
      const { head, recovered, events } = frame;
      const first = events[0]?.seq;
      receiver.joins.push({
        askedAt: asked?.at,
        since: asked?.since,
        head,
        recovered,
        first,
      });
      if (piece && frame.recovered) resume(frame, piece);
      else startOver(frame);
      heard = frame.head;
      const renewed = epoch !== "" && epoch !== frame.epoch;
      epoch = frame.epoch;
      return renewed;
    },

    /**
     * Takes a live event.
     * @returns false if an earlier one is missing. Then the event is not shown, and the client has to join again.
     */
    event(event: RoomEvent): boolean {
      if (!piece) return false;
      if (event.seq > heard + 1) {
        noteGap(heard, event.seq, "live");
        return false;
      }
      if (event.seq <= heard) receiver.repeats.push(`${event.seq} after ${heard}`);
      else heard = event.seq;
      if (event.seq === piece.to + 1) show(event, piece);
      return true;
    },
  };

  /** The newest events may span several epochs, so a jump of seqs proves nothing. The judge finds lost events. */
  function startOver({ events, head }: Joined): void {
    const from = (events[0]?.seq ?? head + 1) - 1;
    piece = { from, to: from, events: [] };
    receiver.pieces.push(piece);
    for (const event of events) show(event, piece);
    piece.to = Math.max(piece.to, head);
  }

  /** Skips events that are already shown, because two connections overlap during a move. */
  function resume(frame: Joined, into: Piece): void {
    // Seqs may jump once, at the beginning of a new epoch, and nowhere else.
    let jumps = frame.epoch === epoch ? 0 : 1;
    for (const event of frame.events) {
      if (event.seq <= into.to) continue;
      if (event.seq !== into.to + 1 && jumps-- <= 0) noteGap(into.to, event.seq, "in joined");
      show(event, into);
    }
    if (frame.head > into.to && jumps <= 0) noteGap(into.to, frame.head, "joined ends before its head");
    into.to = Math.max(into.to, frame.head);
  }

  function show(event: RoomEvent, to: Piece): void {
    to.events.push(event);
    to.to = event.seq;
  }

  function noteGap(from: number, to: number, when: string): void {
    receiver.gaps.push(`${when}: ${to} after ${from}`);
  }

  /** A client that joins after a deletion must not get the text. */
  function findLeaks({ events }: Joined): void {
    const texts = new Set(
      events.map((event) => (event.type === "message" && !event.deleted ? event.seq : 0)),
    );
    for (const event of events) {
      if (event.type === "deleted" && texts.has(event.target)) receiver.leaks.push(`${event.target}`);
      if (event.type !== "removed") continue;
      for (const other of events)
        if (isRemovedBy(event, other) && texts.has(other.seq)) receiver.leaks.push(`${other.seq}`);
    }
  }
}
