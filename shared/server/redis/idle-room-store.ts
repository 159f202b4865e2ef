/** Rooms that leave Redis because nobody talks in them: only their hash stays, and PostgreSQL has their events. */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import type { LogEntry } from "./room-state.ts";
import { openScript } from "./script.ts";

export type IdleRoomStore = ReturnType<typeof openIdleRoomStore>;
/** `at`: time of the newest event in ms. */
export type IdleRoom = { room: string; at: number };

export function openIdleRoomStore(redis: Commands, keys: RedisKeys) {
  const find = openScript(redis, "find-idle");
  const leave = openScript(redis, "leave");
  const comeBack = openScript(redis, "come-back");

  return {
    /** @returns the rooms among these that are in Redis and in which nobody said anything since a time. People may be there. */
    async findIdle(rooms: string[], before: number): Promise<IdleRoom[]> {
      const shards = Map.groupBy(rooms, keys.shardOf);
      const found = await Promise.all(
        [...shards.values()].map(async (group) => {
          const times = (await find.run(
            group.map((room) => keys.room(room)),
            [before],
          )) as number[];
          return group.map((room, index) => ({ room, at: times[index] ?? -1 }));
        }),
      );
      return found.flat().filter(({ at }) => at >= 0);
    },

    /**
     * Lets an idle room leave, unless people or events came, or PostgreSQL lacks some. One with gathered reactions, whose gateway died, waits
     * for its next member. @returns whether it left.
     */
    async leave(room: string, before: number): Promise<boolean> {
      const shard = keys.shardOf(room);
      const own = [keys.room(room), keys.log(room), keys.tombstones(room)];
      const ofShard = [keys.dirty(shard), keys.long(shard)];
      const others = [`${keys.countsOf(shard)}${room}`, keys.clock(shard)];
      const noted = [keys.reactionNotes(room), keys.reactionEmojis(room)];
      const reply = await leave.run([...own, ...ofShard, ...others, ...noted], [room, before]);
      return reply === 1;
    },

    /**
     * Fills the log of a room that left. Compare-and-set: the room must still stand at `seq`.
     * @param continues in its epoch, if Redis was not restarted since it left.
     * @param entries the newest events of PostgreSQL up to `seq`, in order.
     */
    async comeBack(
      room: string,
      { seq, continues, entries }: { seq: number; continues: boolean; entries: LogEntry[] },
    ): Promise<void> {
      const events = entries.flatMap((entry) => [entry.seq, entry.epoch, entry.bytes]);
      await comeBack.run(
        [keys.room(room), keys.log(room), keys.reactionNotes(room)],
        [seq, continues ? 1 : 0, ...events],
      );
    },
  };
}
