/** A contender's protocol as far as the driver needs it: bytes to write, and bytes by which to know the answers. */

/** Where a socket connects, and as whom. `room`: it joins this one. */
export type Seat = { port: number; room: string; user: string; token: string; localAddress?: string };

/** Frames to write, and a part of the frame that says they were carried out. */
type Step = { write: string[]; until: string };

export type Dialect = {
  path: (seat: Seat) => string;
  /** From the upgrade until the room is joined. */
  steps: (seat: Seat) => Step[];
  /** The frame that says `text` in the seat's room. @param number another one for each frame of a seat. */
  say: (seat: Seat, text: string, number: number) => string;
  /** In each acknowledgement once, and nowhere else. Absent: one's own message counts as the acknowledgement. */
  acknowledged?: string;
  /** In each refusal once, and nowhere else. */
  refused?: string;
  /** A frame of the server's own heartbeat, and the answer to it. */
  heartbeat?: { heard: string; answer: string };
};
