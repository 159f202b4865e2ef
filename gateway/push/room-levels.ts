/** How much of each room a user is notified of. The same on all of their devices; the worker keeps to it when it sends. */
import type { LevelsAnswer, RoomLevel } from "../../shared/push-api.ts";
import { Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import type { PushQueries } from "./push-queries.ts";

export type RoomLevels = ReturnType<typeof createRoomLevels>;

type Deps = {
  queries: Pick<PushQueries, "listLevels" | "setLevel">;
  limits: Pick<HttpLimits, "push">;
  /** The room of this name, if there is one that this person may know of. */
  find: (userId: string, room: string) => Promise<{ id: number } | undefined>;
  /** Says so to the user's other devices. */
  onChanged: (userId: string) => Promise<void>;
};

/** More rooms than anybody follows. */
const MAX_OF_USER = 1_000;

export function createRoomLevels({ queries, limits, find, onChanged }: Deps) {
  return {
    async list(userId: string): Promise<LevelsAnswer> {
      await limits.push(userId);
      return { rooms: await queries.listLevels(userId) };
    },

    /** @throws Refusal `no_such_room`. */
    async set(userId: string, room: string, level: RoomLevel): Promise<void> {
      await limits.push(userId);
      const found = await find(userId, room);
      if (!found) throw new Refusal("no_such_room");
      await queries.setLevel(userId, found.id, level, MAX_OF_USER);
      await onChanged(userId);
    },
  };
}
