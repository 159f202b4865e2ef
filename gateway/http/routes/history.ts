/** The routes of a room's history and of the people in it. */
import type { PeopleAnswer } from "../../../shared/http-api.ts";
import { HISTORY_DEFAULT, HISTORY_MAX, SEQS_MAX } from "../../../shared/limits.ts";
import type { PublicUser } from "../../../shared/server-frames.ts";
import { Refusal } from "../../errors.ts";
import { ipKey } from "../../limits/client-ip.ts";
import type { Access } from "../../rooms/access.ts";
import type { Authentication } from "../authenticate.ts";
import { positions, wholeNumber } from "../query-string.ts";
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
/**
 * Reads of places in the log. `around`: at most so many events below a seq, and from it on. `find`: the events with these
 * seqs.
 */
type Places = {
  around: (
    room: string,
    from: number,
    counts: { older: number; newer: number },
    reader: string,
  ) => Promise<{ events: string[]; more: boolean; newer: boolean }>;
  find: (room: string, seqs: readonly number[], reader: string) => Promise<string[]>;
};
type Place =
  | { kind: "before"; before: number | undefined }
  | { kind: "after" | "around"; at: number }
  | { kind: "seqs"; seqs: number[] };
export type HistoryRoutesDeps = {
  access: Pick<Access, "find">;
  history: History;
  /** The same for archived rooms. */
  archivedHistory: History;
  /** The same two kinds of rooms. */
  places: { open: Places; archived: Places };
  /** An event in a form that clients of older releases know. */
  olderForm: (event: string) => string;
  people: (room: string) => Promise<{ ids: string[]; guests: number; more: boolean }>;
  users: { listByIds: (ids: string[]) => Promise<PublicUser[]> };
  authentication: Authentication;
};

export function historyRoutes(deps: HistoryRoutesDeps) {
  const { users, history, archivedHistory, places, olderForm } = deps;
  const roomOf = findRoomOf(deps);

  return {
    async messages(call: Call): Promise<Answer> {
      const place = placeOf(call.query);
      const limit = wholeNumber(call.query, "limit", 1, HISTORY_MAX) ?? HISTORY_DEFAULT;
      const { name, archived } = await roomOf(call);
      if (archived === "hidden") throw new Refusal("room_archived");
      const reader = ipKey(call.device.ip);
      const isOlder = call.query.get("kinds") !== "all";
      const listed = (events: string[]) => (isOlder ? events.map(olderForm) : events).join(",");
      const isOpen = archived === undefined;
      if (place.kind === "before") {
        const read = isOpen ? history : archivedHistory;
        const { events, more } = await read(name, place.before, limit, reader);
        return rawJson(`{"events":[${listed(events)}],"more":${more}}`);
      }
      const { around, find } = isOpen ? places.open : places.archived;
      if (place.kind === "seqs") {
        const events = await find(name, place.seqs, reader);
        return rawJson(`{"events":[${listed(events)}]}`);
      }
      const older = place.kind === "around" ? limit >> 1 : 0;
      const from = place.kind === "around" ? place.at : place.at + 1;
      const counts = { older, newer: limit - older };
      const { events, more, newer } = await around(name, from, counts, reader);
      return rawJson(`{"events":[${listed(events)}],"more":${more},"newer":${newer}}`);
    },

    async people(call: Call): Promise<Answer> {
      const { name } = await roomOf(call);
      const { ids, guests, more } = await deps.people(name);
      const people = ids.length === 0 ? [] : await users.listByIds(ids);
      return json(200, { people, guests, more } satisfies PeopleAnswer);
    },
  };
}

/** @throws Refusal `invalid`, also when a query names more than one place. */
function placeOf(query: URLSearchParams): Place {
  const max = Number.MAX_SAFE_INTEGER - 1;
  const before = wholeNumber(query, "before", 1, Number.MAX_SAFE_INTEGER);
  const after = wholeNumber(query, "after", 0, max);
  const around = wholeNumber(query, "around", 1, max);
  const seqs = positions(query, "seqs", SEQS_MAX);
  const given = Object.entries({ before, after, around, seqs }).filter(([, value]) => value !== undefined);
  const [, second] = given;
  if (second) throw new Refusal("invalid", { fields: { [second[0]]: "not_allowed" } });
  if (seqs) return { kind: "seqs", seqs };
  if (after !== undefined) return { kind: "after", at: after };
  if (around !== undefined) return { kind: "around", at: around };
  return { kind: "before", before };
}
