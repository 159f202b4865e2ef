/** Which rooms exist: PostgreSQL is the truth, this is what the gateway remembers of it. */
import type { FieldCode } from "../shared/http-api.ts";
import { ROOM_NAME, TITLE_CHARS } from "../shared/limits.ts";
import { isOutage } from "../shared/server/faults.ts";
import { prepareText } from "../shared/text.ts";
import { problem } from "./problem.ts";
import type { Queries, StoredRoom } from "./queries.ts";

export type RoomsDirectory = ReturnType<typeof createRoomsDirectory>;

/** How long "no such room" is believed: long enough to stop a loop of joins, short enough for a room made elsewhere. */
const ABSENT_MS = 1_000;
const ABSENT_MOST = 1_000;
/** Rooms made elsewhere are told by the control log; this bounds the time when such news is lost. */
const LIST_MS = 5_000;

type Directory = Pick<Queries, "findRoom" | "listRooms" | "addRoom">;

/** @param now a clock that never goes back, in milliseconds. */
export function createRoomsDirectory(queries: Directory, now = () => performance.now()) {
  const rooms = new Map<string, { room: StoredRoom; stale: boolean }>();
  const absentUntil = new Map<string, number>();
  const asking = new Map<string, Promise<StoredRoom | null>>();
  let listed: { rooms: StoredRoom[]; until: number } | null = null;
  let listing: Promise<StoredRoom[]> | null = null;

  const keep = (room: StoredRoom): void => {
    rooms.set(room.name, { room, stale: false });
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
    if (listed) listed.until = 0;
  };

  const loadList = async (): Promise<StoredRoom[]> => {
    const loaded = await queries.listRooms();
    loaded.forEach(keep);
    listed = { rooms: loaded, until: now() + LIST_MS };
    return loaded;
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

    /** All rooms, oldest first; a few seconds old at most, older only while PostgreSQL is away. */
    async list(): Promise<StoredRoom[]> {
      if (listed && listed.until > now()) return listed.rooms;
      listing ??= loadList().finally(() => {
        listing = null;
      });
      try {
        return await listing;
      } catch (error) {
        if (listed && isOutage(error)) return listed.rooms;
        throw error;
      }
    },

    /** @throws Problem `invalid` (title) or `room_taken`. */
    async create(name: string, rawTitle: string, userId: string): Promise<StoredRoom> {
      const room = await queries.addRoom(name, checkTitle(rawTitle), userId);
      if (room === null) throw problem("room_taken");
      doubt(name);
      keep(room);
      return room;
    },

    /** A room was made or changed, here or elsewhere: the next look goes to PostgreSQL. */
    learn: doubt,
    /** A room is no longer what it was. */
    forget: doubt,
  };
}

/** One line of visible text: a line break is refused here, though a message may have one. @throws Problem `invalid`. */
export function checkTitle(raw: string): string {
  const refuse = (code: FieldCode) => problem("invalid", { fields: { title: code } });
  if (/\p{Cc}/u.test(raw.trim())) throw refuse("not_allowed");
  const title = prepareText(raw, TITLE_CHARS);
  if (title.ok) return title.text;
  throw refuse(title.code === "empty" ? "too_short" : "too_long");
}
