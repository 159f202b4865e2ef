/** Reads the messages of a tail from the archive, without their texts, a few rooms at a time. */
import { type Said, TAIL_MESSAGES } from "./tail.ts";

/** Of an event in the archive. `data`: its fields without a column. */
type ArchivedEvent = {
  seq: number;
  kind: string;
  userId: unknown;
  deleted: boolean;
  data: unknown;
};

export type OlderMessagesDeps = {
  /** Events of the archive below a seq, newest first. */
  archived: (room: string, below: number, max: number) => Promise<ArchivedEvent[]>;
  /** Messages whose deletion the archive may not have yet. */
  deletedSeqs: (room: string) => Promise<{ has: (seq: number, author: string | undefined) => boolean }>;
};

const READS_AT_ONCE = 4;
/** Pages that are looked through for messages, because notices and deleted messages are none. */
const MAX_PAGES = 4;

export function createOlderMessages({ archived, deletedSeqs }: OlderMessagesDeps) {
  let reading = 0;
  const queue: (() => void)[] = [];

  /** @returns the newest messages below a seq, oldest first. @throws Unavailable. */
  return async (room: string, below: number): Promise<Said[]> => {
    if (reading >= READS_AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
    reading++;
    try {
      return await read(room, below);
    } finally {
      reading--;
      queue.shift()?.();
    }
  };

  async function read(room: string, highest: number): Promise<Said[]> {
    // Before the rows, because a deletion that is written in between would be missed.
    const deleted = await deletedSeqs(room);
    const found: Said[] = [];
    let below = highest;
    for (let page = 0; page < MAX_PAGES && found.length < TAIL_MESSAGES; page++) {
      const rows = await archived(room, below, TAIL_MESSAGES);
      found.push(...rows.flatMap(saidIn).filter(({ seq, author }) => !deleted.has(seq, author)));
      below = rows.at(-1)?.seq ?? 1;
      if (rows.length < TAIL_MESSAGES) break;
    }
    return found.reverse();
  }
}

function saidIn({ kind, seq, userId, deleted, data }: ArchivedEvent): Said[] {
  if (kind !== "message" || deleted) return [];
  const { mentions, reply } = (data ?? {}) as { mentions?: unknown; reply?: unknown };
  return [
    { seq, author: textsOf(userId)[0] ?? "", spokenTo: [...mentionedIn(mentions), ...answeredIn(reply)] },
  ];
}

const mentionedIn = (mentions: unknown): string[] =>
  Array.isArray(mentions) ? mentions.flatMap((each: { id?: unknown }) => textsOf(each?.id)) : [];
const answeredIn = (reply: unknown): string[] => textsOf((reply as { user?: unknown } | undefined)?.user);
const textsOf = (value: unknown): string[] => (typeof value === "string" ? [value] : []);
