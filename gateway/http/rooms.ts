/** The routes of rooms, their history and their people. */
import {
  BODIES,
  type PeopleAnswer,
  type Room,
  type RoomAnswer,
  type RoomsAnswer,
} from "../../shared/http-api.ts";
import { HISTORY_DEFAULT, HISTORY_MOST } from "../../shared/limits.ts";
import type { Accounts } from "../accounts.ts";
import { ipKey } from "../client-ip.ts";
import type { HttpLimits } from "../http-limits.ts";
import type { Mutes } from "../mutes.ts";
import { problem } from "../problem.ts";
import type { Queries, StoredRoom } from "../queries.ts";
import type { RoomSettings } from "../room-settings.ts";
import type { RoomsDirectory } from "../rooms-directory.ts";
import { json, rawJson } from "./answers.ts";
import { bodyReader } from "./body.ts";
import type { Answer, Call } from "./call.ts";
import type { Callers } from "./caller.ts";
import { wholeNumber } from "./query.ts";

export type RoomRoutesDeps = {
  rooms: Pick<RoomsDirectory, "find" | "list" | "create">;
  roomSettings: Pick<RoomSettings, "change">;
  accounts: Pick<Accounts, "find">;
  mutes: Pick<Mutes, "refuse">;
  limits: Pick<HttpLimits, "createRoom">;
  queries: Pick<Queries, "findPeople">;
  callers: Callers;
  /** Events as JSON texts, ascending; `before` exclusive. `reader`: whose reads at a time are bounded. */
  history: (
    room: string,
    before: number | undefined,
    limit: number,
    reader: string,
  ) => Promise<{ events: string[]; more: boolean }>;
  people: (room: string) => Promise<{ ids: string[]; guests: number; more: boolean }>;
  /** How many people are in each of the rooms, in the same order. */
  peopleCounts: (rooms: string[]) => Promise<number[]>;
  /** Tells the other gateways. */
  onRoomCreated: (name: string) => Promise<void>;
};

const shown = ({ name, title, slowModeMs }: StoredRoom): Room => ({ name, title, slowModeMs });

export function roomRoutes(deps: RoomRoutesDeps) {
  const { rooms, accounts, limits, queries, callers } = deps;
  const readRoom = bodyReader(BODIES.createRoom);
  const readChange = bodyReader(BODIES.changeRoom);

  /** Guests may look, but whoever shows a token must have a good one. */
  const roomOf = async (call: Call): Promise<StoredRoom> => {
    callers.caller(call);
    const room = await rooms.find(call.parameter);
    if (room === null) throw problem("no_such_room");
    return room;
  };

  return {
    async list(call: Call): Promise<Answer> {
      callers.caller(call);
      const all = await rooms.list();
      const counts = await deps.peopleCounts(all.map(({ name }) => name));
      const listed = all.map((room, index) => ({ ...shown(room), people: counts[index] ?? 0 }));
      return json(200, { rooms: listed } satisfies RoomsAnswer);
    },

    async create(call: Call): Promise<Answer> {
      const { userId } = callers.user(call);
      const body = await readRoom(call);
      await accounts.find(userId);
      await deps.mutes.refuse(userId);
      await limits.createRoom(userId);
      const room = await rooms.create(body.name, body.title, userId);
      await deps.onRoomCreated(room.name);
      return json(201, { room: shown(room) } satisfies RoomAnswer);
    },

    async change(call: Call): Promise<Answer> {
      const { userId } = callers.user(call);
      const room = await deps.roomSettings.change(userId, call.parameter, await readChange(call));
      return json(200, { room: shown(room) } satisfies RoomAnswer);
    },

    async messages(call: Call): Promise<Answer> {
      const before = wholeNumber(call.query, "before", 1, Number.MAX_SAFE_INTEGER);
      const limit = wholeNumber(call.query, "limit", 1, HISTORY_MOST) ?? HISTORY_DEFAULT;
      const { name } = await roomOf(call);
      const { events, more } = await deps.history(name, before, limit, ipKey(call.device.ip));
      return rawJson(`{"events":[${events.join(",")}],"more":${more}}`);
    },

    async people(call: Call): Promise<Answer> {
      const { name } = await roomOf(call);
      const { ids, guests, more } = await deps.people(name);
      const people = ids.length === 0 ? [] : await queries.findPeople(ids);
      return json(200, { people, guests, more } satisfies PeopleAnswer);
    },
  };
}
