/**
 * Keeps the mirror of the watermarks in PostgreSQL a little behind Kafka: for the retention of the archive, and for a look at which rooms
 * have events that Kafka lacks. It may say less than Kafka has, never more.
 */
import type { MirrorQueries } from "./mirror-queries.ts";

const PAGE = 5_000;

export function createMirror(queries: Pick<MirrorQueries, "raise" | "lower" | "list">) {
  let noted = new Map<number, number>();

  return {
    /** Kafka has all events of the room up to `seq`. */
    note(roomId: number, seq: number): void {
      noted.set(roomId, seq);
    },

    /** Writes the notes. Those that cannot be written now are written by a later call. */
    async flush(): Promise<void> {
      if (noted.size === 0) return;
      const seqs = noted;
      noted = new Map();
      try {
        await queries.raise(seqs);
      } catch (error) {
        for (const [roomId, seq] of seqs) if (!noted.has(roomId)) noted.set(roomId, seq);
        throw error;
      }
    },

    /**
     * Takes back what Kafka does not have, because it lost its data or is another one.
     * @param published the seq up to which Kafka has a room.
     * @returns rooms of which Kafka has more than PostgreSQL, which was set back.
     */
    async correct(published: (room: string) => number): Promise<string[]> {
      noted = new Map();
      const ahead: string[] = [];
      for (let after = 0; ; ) {
        const page = await queries.list(after, PAGE);
        ahead.push(...page.filter(({ name, lastSeq }) => published(name) > lastSeq).map(({ name }) => name));
        const wrong = page.filter(({ name, seq }) => seq > published(name));
        if (wrong.length > 0)
          await queries.lower(new Map(wrong.map(({ id, name }) => [id, published(name)])));
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return ahead;
        after = last.id;
      }
    },
  };
}
