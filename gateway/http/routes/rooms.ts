/** The routes of rooms: their list and their changes. */
import { BODIES, type RoomAnswer, type RoomsAnswer } from "../../../shared/http-api.ts";
import { QUERY_CHARS } from "../../../shared/limits.ts";
import type { Mutes } from "../../accounts/mutes.ts";
import { Refusal } from "../../errors.ts";
import { ipKey } from "../../limits/client-ip.ts";
import { type Access, isPrivateName, required } from "../../rooms/access.ts";
import type { BusyRoom } from "../../rooms/busy-rooms.ts";
import type { PrivateRooms } from "../../rooms/private-rooms.ts";
import type { RoomClosing } from "../../rooms/room-closing.ts";
import type { CreateRoom } from "../../rooms/room-creation.ts";
import { cursorOf, type RoomList, shown } from "../../rooms/room-list.ts";
import type { RoomSettings } from "../../rooms/room-settings.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import { oneOf, pageLimit, searchText } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";
import { findRoomOf } from "./room-of.ts";

export type RoomRoutesDeps = {
  access: Pick<Access, "find">;
  roomList: Pick<RoomList, "page">;
  roomSettings: Pick<RoomSettings, "change">;
  roomClosing: Pick<RoomClosing, "close" | "reopen" | "mayClose">;
  createRoom: CreateRoom;
  privateRooms: Pick<PrivateRooms, "create" | "change" | "remove">;
  mutes: Pick<Mutes, "refuse">;
  authentication: Authentication;
};

/**
 * @returns the room after which a page begins; undefined: with the first.
 * @throws Refusal `invalid`.
 */
function pageAfter(query: URLSearchParams): BusyRoom | undefined {
  const raw = query.get("after") ?? undefined;
  if (raw === undefined) return undefined;
  const cursor = cursorOf(raw);
  if (cursor === undefined) throw new Refusal("invalid", { fields: { after: "bad_format" } });
  return cursor;
}

export function roomRoutes(deps: RoomRoutesDeps) {
  const { createRoom, privateRooms, roomClosing, authentication } = deps;
  const readRoom = bodyReader(BODIES.createRoom);
  const readChange = bodyReader(BODIES.changeRoom);

  const roomOf = findRoomOf(deps);

  return {
    async list(call: Call): Promise<Answer> {
      const caller = authentication.optionalUser(call);
      const text = searchText(call.query, "query", QUERY_CHARS);
      const archived = oneOf(call.query, "archived", ["no", "yes"]) === "yes";
      const page = { text, archived, after: pageAfter(call.query), limit: pageLimit(call.query) };
      if (archived) await roomClosing.mayClose(caller?.userId);
      return json(200, (await deps.roomList.page(page, ipKey(call.device.ip))) satisfies RoomsAnswer);
    },

    async show(call: Call): Promise<Answer> {
      return json(200, { room: shown(await roomOf(call)) } satisfies RoomAnswer);
    },

    /** For the head of the page that nginx serves (web/index.html), which everybody sees: as for a guest, whoever asks. */
    async title(call: Call): Promise<Answer> {
      const room = required(await deps.access.find(undefined, call.parameters[0]));
      if (room.archived) throw new Refusal("no_such_room");
      return { status: 200, body: room.title, type: "text/plain; charset=utf-8" };
    },

    async close(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const history = oneOf(call.query, "history", ["shown", "hidden", "deleted"]);
      await deps.mutes.refuse(userId);
      const [name] = call.parameters;
      if (isPrivateName(name)) await privateRooms.remove(userId, name, history);
      else await roomClosing.close(userId, name, history);
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
      const { name, title, private: isPrivate } = await readRoom(call);
      if (!isPrivate && name === undefined) throw new Refusal("invalid", { fields: { name: "missing" } });
      const room =
        isPrivate || name === undefined
          ? await privateRooms.create(userId, title)
          : await createRoom(userId, { name, title });
      return json(201, { room: shown(room) } satisfies RoomAnswer);
    },

    async change(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const [name] = call.parameters;
      const body = await readChange(call);
      const change = isPrivateName(name) ? privateRooms.change : deps.roomSettings.change;
      const room = await change(userId, name, body);
      return json(200, { room: shown(room) } satisfies RoomAnswer);
    },
  };
}
