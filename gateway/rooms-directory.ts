/** Which rooms exist: PostgreSQL is the truth, this is what the gateway remembers of it. */
import type { FieldCode } from "../shared/http-api.ts";
import { LOBBY, ROOM_NAME, TITLE_CHARS } from "../shared/limits.ts";
import { isOutage } from "../shared/server/faults.ts";
import { prepareText } from "../shared/text.ts";
import type { DirectoryQueries, RoomCaps, StoredRoom } from "./directory-queries.ts";
import { problem } from "./problem.ts";

export type RoomsDirectory = ReturnType<typeof createRoomsDirectory>;

/** How long "no such room" is believed: long enough to stop a loop of joins, short enough for a room made elsewhere. */
const ABSENT_MS = 1_000;
const ABSENT_MOST = 1_000;
/** So many rooms are remembered; whoever asks for more asks PostgreSQL again. */
const KNOWN_MOST = 20_000;

type Directory = Pick<DirectoryQueries, "findRoom" | "addRoom">;

/** @param caps null: there are none. @param now a clock that never goes back, in milliseconds. */
export function createRoomsDirectory(
  queries: Directory,
  caps: RoomCaps | null,
  now = () => performance.now(),
) {
  const rooms = new Map<string, { room: StoredRoom; stale: boolean }>();
  const absentUntil = new Map<string, number>();
  const asking = new Map<string, Promise<StoredRoom | null>>();

  const put = (room: StoredRoom, stale: boolean): void => {
    if (rooms.size >= KNOWN_MOST) rooms.clear();
    rooms.set(room.name, { room, stale });
  };
  const keep = (room: StoredRoom): void => {
    put(room, false);
    absentUntil.delete(room.name);
  };
  const keepAbsent = (name: string): void => {
    rooms.delete(name);
    if (absentUntil.size >= ABSENT_MOST) absentUntil.clear();
    absentUntil.set(name, now() + ABSENT_MS);
  };

  /** One question at a time for each name. News that comes meanwhile makes the answer useless for the memory. */
  const ask = (name: string): Promise<StoredRoom | null> => {
    const running = asking.get(name);
    if (running) return running;
    const question: Promise<StoredRoom | null> = queries.findRoom(name).then(
      (room) => {
        if (asking.get(name) !== question) return room;
        asking.delete(name);
        if (room) keep(room);
        else keepAbsent(name);
        return room;
      },
      (error) => {
        if (asking.get(name) === question) asking.delete(name);
        throw error;
      },
    );
    asking.set(name, question);
    return question;
  };

  /** What is remembered may be old or forgotten, but must not be wrong for long. */
  const doubt = (name: string): void => {
    absentUntil.delete(name);
    asking.delete(name);
    const known = rooms.get(name);
    if (known) known.stale = true;
  };

  return {
    /**
     * The room of this name, or null. A room once known is found while PostgreSQL is away as well.
     * @throws the outage when PostgreSQL is away and the room was never known.
     */
    async find(name: string): Promise<StoredRoom | null> {
      const known = rooms.get(name);
      if (known && !known.stale) return known.room;
      if (!ROOM_NAME.test(name) || (absentUntil.get(name) ?? 0) > now()) return null;
      try {
        return await ask(name);
      } catch (error) {
        if (known && isOutage(error)) return known.room;
        throw error;
      }
    },

    /** @throws Problem `invalid` (title), `room_taken`, `too_many_rooms` (made by this user) or `rooms_full`. */
    async create(name: string, rawTitle: string, userId: string): Promise<StoredRoom> {
      const room = await queries.addRoom({ name, title: checkTitle(rawTitle), userId }, caps);
      if (typeof room === "string") throw problem(NOT_ADDED[room]);
      doubt(name);
      keep(room);
      return room;
    },

    /** Rooms that were read for another reason, maybe before the latest news: good for when PostgreSQL is away. */
    heard(read: readonly StoredRoom[]): void {
      for (const room of read) if (!rooms.has(room.name)) put(room, true);
    },

    /** A room was made, changed or closed, here or elsewhere: the next look goes to PostgreSQL. */
    learn: doubt,
    /**
     * News may have been missed: what is remembered of any room is asked for again, and of the lobby now.
     * @throws the outage, or that the worker has not brought the database to this release yet.
     */
    async relearn(): Promise<void> {
      absentUntil.clear();
      asking.clear();
      for (const known of rooms.values()) known.stale = true;
      await queries.findRoom(LOBBY);
    },
  };
}

const NOT_ADDED = { taken: "room_taken", user_cap: "too_many_rooms", cluster_cap: "rooms_full" } as const;

/** One line of visible text: a line break is refused here, though a message may have one. @throws Problem `invalid`. */
export function checkTitle(raw: string): string {
  const refuse = (code: FieldCode) => problem("invalid", { fields: { title: code } });
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(raw.trim())) throw refuse("not_allowed");
  const title = prepareText(raw, TITLE_CHARS);
  if (title.ok) return title.text;
  throw refuse(title.code === "empty" ? "too_short" : "too_long");
}
