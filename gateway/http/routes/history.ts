/** The routes of a room's history and of the people in it. */
import type { PeopleAnswer } from "../../../shared/http-api.ts";
import { HISTORY_DEFAULT, HISTORY_MAX } from "../../../shared/limits.ts";
import type { PublicUser } from "../../../shared/server-frames.ts";
import { Refusal } from "../../errors.ts";
import { ipKey } from "../../limits/client-ip.ts";
import type { Access } from "../../rooms/access.ts";
import type { Authentication } from "../authenticate.ts";
import { wholeNumber } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { json, rawJson } from "../response.ts";
import { findRoomOf } from "./room-of.ts";

/**
 * Events as JSON texts, ascending; `before` is exclusive. `reader` is the key by which concurrent reads are bounded.
 */
type History = (
  room: string,
  before: number | undefined,
  limit: number,
  reader: string,
) => Promise<{ events: string[]; more: boolean }>;
export type HistoryRoutesDeps = {
  access: Pick<Access, "find">;
  history: History;
  /** The same for archived rooms. */
  archivedHistory: History;
  people: (room: string) => Promise<{ ids: string[]; guests: number; more: boolean }>;
  users: { listByIds: (ids: string[]) => Promise<PublicUser[]> };
  authentication: Authentication;
};

export function historyRoutes(deps: HistoryRoutesDeps) {
  const { users, history, archivedHistory } = deps;
  const roomOf = findRoomOf(deps);

  return {
    async messages(call: Call): Promise<Answer> {
      const before = wholeNumber(call.query, "before", 1, Number.MAX_SAFE_INTEGER);
      const limit = wholeNumber(call.query, "limit", 1, HISTORY_MAX) ?? HISTORY_DEFAULT;
      const { name, archived } = await roomOf(call);
      if (archived === "hidden") throw new Refusal("room_archived");
      const read = archived === undefined ? history : archivedHistory;
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
