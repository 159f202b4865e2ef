/** A room's settings by moderators: its title and its slow mode. */
import { randomUUID } from "node:crypto";
import type { ChangeRoomBody } from "../../shared/http-api.ts";
import type { Sql } from "../../shared/server/postgres/pool.ts";
import { actorOf } from "../accounts/authorization.ts";
import type { Mutes } from "../accounts/mutes.ts";
import type { Control } from "../control/control-log.ts";
import { Refusal } from "../errors.ts";
import type { Notices } from "../messages/notices.ts";
import { recordAct } from "../moderation/audit.ts";
import { checkTitle, type RoomsDirectory } from "./room-catalogue.ts";
import { createRoomQueries, type StoredRoom } from "./room-queries.ts";

export type RoomSettings = ReturnType<typeof createRoomSettings>;
type RoomSettingsDeps = {
  sql: Sql;
  directory: Pick<RoomsDirectory, "invalidate">;
  control: Pick<Control, "roomChanged">;
  notices: Pick<Notices, "notify">;
  mutes: Pick<Mutes, "refuse">;
};

export function createRoomSettings({ sql, directory, control, notices, mutes }: RoomSettingsDeps) {
  return {
    /** @throws Refusal `forbidden`, `muted`, `no_such_room`, `invalid` with fields. */
    async change(by: string, name: string, body: ChangeRoomBody): Promise<StoredRoom> {
      const title = body.title === undefined ? undefined : checkTitle(body.title);
      const { slowModeMs } = body;
      await mutes.refuse(by);
      const { room, actor } = await sql.begin(async (tx) => {
        const actor = await actorOf(tx, by, "moderator");
        const room = await createRoomQueries(tx).change(name, { title, slowModeMs });
        if (room === undefined) throw new Refusal("no_such_room");
        const detail = {
          ...(title === undefined ? {} : { title }),
          ...(slowModeMs === undefined ? {} : { slowModeMs }),
        };
        await recordAct(tx, { act: "room", by, room: name, detail });
        return { room, actor };
      });
      directory.invalidate(name);
      await control.roomChanged(name);
      if (slowModeMs !== undefined)
        await notices.notify(name, randomUUID(), { code: "slow_mode", user: actor, slowModeMs });
      return room;
    },
  };
}
