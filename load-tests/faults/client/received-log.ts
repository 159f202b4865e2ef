/** What a client shows of a room, by the rules of the contract: never an event past a gap, never one twice. Pure. */
import type { Joined, RoomEvent } from "../../../shared/server-frames.ts";
import type { Piece, Receiver } from "./journal.ts";

export type Position = { epoch: string; seq: number };
/** A join on its way: when it was written, and the seq that it named. */
export type Asked = { at: number; since: number | null };
export type Replica = ReturnType<typeof createReplica>;

export function createReplica(name: string) {
  const receiver: Receiver = { name, pieces: [], joins: [], holes: [], repeats: [], leaks: [] };
  let piece: Piece | null = null;
  let epoch = "";
  /** Where the connection stands: while a client moves, the other one may have been ahead of it. */
  let heard = 0;

  const show = (event: RoomEvent, to: Piece): void => {
    to.events.push(event);
    to.to = event.seq;
  };

  /** The newest events may reach back over several epochs, so a jump among them says nothing: the judge knows what is missing. */
  const startOver = ({ events, head }: Joined): void => {
    const from = (events[0]?.seq ?? head + 1) - 1;
    piece = { from, to: from, events: [] };
    receiver.pieces.push(piece);
    for (const event of events) show(event, piece);
    piece.to = Math.max(piece.to, head);
  };

  const jumped = (from: number, to: number, when: string): void => {
    receiver.holes.push(`${when}: ${to} after ${from}`);
  };

  /** Events that are shown already are passed over: two connections overlap while a client moves. */
  const goOn = (frame: Joined, into: Piece): void => {
    // Seqs may jump once where a fresh epoch begins, and nowhere else.
    let jumps = frame.epoch === epoch ? 0 : 1;
    for (const event of frame.events) {
      if (event.seq <= into.to) continue;
      if (event.seq !== into.to + 1 && jumps-- <= 0) jumped(into.to, event.seq, "in joined");
      show(event, into);
    }
    if (frame.head > into.to && jumps <= 0) jumped(into.to, frame.head, "joined ends before its head");
    into.to = Math.max(into.to, frame.head);
  };

  /** Whoever joins after a deletion must not be told the text. */
  const findLeaks = ({ events }: Joined): void => {
    const texts = new Set(
      events.map((event) => (event.type === "message" && !event.deleted ? event.seq : 0)),
    );
    for (const event of events)
      if (event.type === "deleted" && texts.has(event.target)) receiver.leaks.push(`${event.target}`);
  };

  return {
    receiver,
    /** Where to resume from; undefined before the first `joined`. */
    position: (): Position | undefined => (piece ? { epoch, seq: piece.to } : undefined),
    seq: (): number => piece?.to ?? 0,

    /**
     * @param asked the join that is awaited, if one is.
     * @returns true when a fresh epoch began since the `joined` before.
     */
    joined(frame: Joined, asked: Asked | null = null): boolean {
      findLeaks(frame);
      const { head, recovered, events } = frame;
      const first = events[0]?.seq ?? null;
      receiver.joins.push({
        askedAt: asked?.at ?? null,
        since: asked?.since ?? null,
        head,
        recovered,
        first,
      });
      if (piece && frame.recovered) goOn(frame, piece);
      else startOver(frame);
      heard = frame.head;
      const renewed = epoch !== "" && epoch !== frame.epoch;
      epoch = frame.epoch;
      return renewed;
    },

    /** An event that follows `joined`. @returns false when one before it is missing: it is not shown, the client has to join again. */
    event(event: RoomEvent): boolean {
      if (!piece) return false;
      if (event.seq > heard + 1) {
        jumped(heard, event.seq, "live");
        return false;
      }
      if (event.seq <= heard) receiver.repeats.push(`${event.seq} after ${heard}`);
      else heard = event.seq;
      if (event.seq === piece.to + 1) show(event, piece);
      return true;
    },
  };
}
