/** The routes of rooms, their history and their people. */
import { BODIES, type PeopleAnswer, type RoomAnswer, type RoomsAnswer } from "../../../shared/http-api.ts";
import { HISTORY_DEFAULT, HISTORY_MAX, QUERY_CHARS } from "../../../shared/limits.ts";
import type { PublicUser } from "../../../shared/server-frames.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import type { Mutes } from "../../accounts/mutes.ts";
import { Refusal } from "../../errors.ts";
import { ipKey } from "../../limits/client-ip.ts";
import type { HttpLimits } from "../../limits/http-rate-limits.ts";
import type { BusyRoom } from "../../rooms/busy-rooms.ts";
import type { RoomsDirectory } from "../../rooms/room-catalogue.ts";
import type { RoomClosing } from "../../rooms/room-closing.ts";
import { cursorOf, type RoomList, shown } from "../../rooms/room-list.ts";
import type { RoomSettings } from "../../rooms/room-settings.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import { oneOf, pageLimit, searchText, wholeNumber } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent, rawJson } from "../response.ts";

/** Events as JSON texts, ascending; `before` exclusive. `reader`: whose reads at a time are bounded. */
type History = (
  room: string,
  before: number | undefined,
  limit: number,
  reader: string,
) => Promise<{ events: string[]; more: boolean }>;
export type RoomRoutesDeps = {
  rooms: Pick<RoomsDirectory, "find" | "create">;
  roomList: Pick<RoomList, "page">;
  roomSettings: Pick<RoomSettings, "change">;
  roomClosing: Pick<RoomClosing, "close" | "reopen" | "mayClose">;
  accounts: Pick<Accounts, "find">;
  mutes: Pick<Mutes, "refuse">;
  limits: Pick<HttpLimits, "createRoom">;
  users: { listByIds: (ids: string[]) => Promise<PublicUser[]> };
  authentication: Authentication;
  history: History;
  /** The same of rooms that are archived. */
  archivedHistory: History;
  people: (room: string) => Promise<{ ids: string[]; guests: number; more: boolean }>;
  /** Tells the other gateways. */
  onRoomCreated: (name: string) => Promise<void>;
};

/** Behind which room a page begins; null: with the first. @throws Refusal `invalid`. */
function pageAfter(query: URLSearchParams): BusyRoom | null {
  const raw = query.get("after");
  if (raw === null) return null;
  const cursor = cursorOf(raw);
  if (cursor === null) throw new Refusal("invalid", { fields: { after: "bad_format" } });
  return cursor;
}

export function roomRoutes(deps: RoomRoutesDeps) {
  const { rooms, roomClosing, accounts, limits, users, authentication } = deps;
  const readRoom = bodyReader(BODIES.createRoom);
  const readChange = bodyReader(BODIES.changeRoom);

  /** Guests may look, but whoever shows a token must have a good one. */
  const roomOf = async (call: Call) => {
    authentication.optionalUser(call);
    const room = await rooms.find(call.parameters[0]);
    if (room === undefined) throw new Refusal("no_such_room");
    return room;
  };

  return {
    async list(call: Call): Promise<Answer> {
      const caller = authentication.optionalUser(call);
      const text = searchText(call.query, "query", QUERY_CHARS);
      const archived = oneOf(call.query, "archived", ["no", "yes"]) === "yes";
      const page = { text, archived, after: pageAfter(call.query), limit: pageLimit(call.query) };
      if (archived) await roomClosing.mayClose(caller?.userId ?? null);
      return json(200, (await deps.roomList.page(page, ipKey(call.device.ip))) satisfies RoomsAnswer);
    },

    async show(call: Call): Promise<Answer> {
      return json(200, { room: shown(await roomOf(call)) } satisfies RoomAnswer);
    },

    async close(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const history = oneOf(call.query, "history", ["shown", "hidden", "deleted"]);
      await deps.mutes.refuse(userId);
      await roomClosing.close(userId, call.parameters[0], history);
      return noContent();
    },

    async reopen(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      await deps.mutes.refuse(userId);
      await roomClosing.reopen(userId, call.parameters[0]);
      return noContent();
    },

    async create(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const body = await readRoom(call);
      await accounts.find(userId);
      await deps.mutes.refuse(userId);
      await limits.createRoom(userId);
      const room = await rooms.create(body.name, body.title, userId);
      await deps.onRoomCreated(room.name);
      return json(201, { room: shown(room) } satisfies RoomAnswer);
    },

    async change(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const room = await deps.roomSettings.change(userId, call.parameters[0], await readChange(call));
      return json(200, { room: shown(room) } satisfies RoomAnswer);
    },

    async messages(call: Call): Promise<Answer> {
      const before = wholeNumber(call.query, "before", 1, Number.MAX_SAFE_INTEGER);
      const limit = wholeNumber(call.query, "limit", 1, HISTORY_MAX) ?? HISTORY_DEFAULT;
      const { name, archived } = await roomOf(call);
      if (archived === "hidden") throw new Refusal("room_archived");
      const read = archived === null ? deps.history : deps.archivedHistory;
      const { events, more } = await read(name, before, limit, ipKey(call.device.ip));
      return rawJson(`{"events":[${events.join(",")}],"more":${more}}`);
    },

    async people(call: Call): Promise<Answer> {
      const { name } = await roomOf(call);
      const { ids, guests, more } = await deps.people(name);
      const people = ids.length === 0 ? [] : await users.listByIds(ids);
      return json(200, { people, guests, more } satisfies PeopleAnswer);
    },
  };
}
