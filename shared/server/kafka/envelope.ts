/** Keys and headers of records: CloudEvents 1.0 in the binary mode of its Kafka binding. Pure. */

/** An event of a room, as its headers tell of it. */
export type Envelope = {
  /** The id of the cluster. */
  cluster: string;
  room: string;
  /** Where the epoch of this event begins; 0 for the first. With room and seq it names the event for ever, in a replay too. */
  epoch: number;
  seq: number;
  /** The seq of the room's event that was published before; 0 for none. */
  previous: number;
  /** The kind of the event, such as `message`. */
  kind: string;
  /** When it happened, ms since the epoch. */
  at: number;
};

const CONTENT_TYPE = "application/json";

export const eventHeaders = ({ cluster, room, epoch, seq, previous, kind, at }: Envelope) => ({
  ...headersOf({ cluster, id: `${room}/${epoch}/${seq}`, kind, at, subject: room }),
  ce_partitionkey: room,
  ce_sequence: String(seq),
  ce_previous: String(previous),
});

/** Of a record that is no event of a room. @param id names what happened: the same for a repetition. */
export const headersOf = (about: {
  cluster: string;
  id: string;
  kind: string;
  at: number;
  subject: string;
}) => ({
  ce_specversion: "1.0",
  ce_id: about.id,
  ce_source: `/suda/${about.cluster}`,
  ce_type: `suda.${about.kind}`,
  ce_time: new Date(about.at).toISOString(),
  ce_subject: about.subject,
  "content-type": CONTENT_TYPE,
});

/** The key of a message in its compacted topic. */
export const messageKey = (room: string, seq: number): string => `${room}/${seq}`;
