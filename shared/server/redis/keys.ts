/**
 * Every Redis key and channel, each once. All keys of one item have the same hash tag: a room's keys the tag of its
 * shard, a user's keys the user's own, the control log `{c}`. A script that takes a batch has items of many tags, so a cluster
 * would need batches of one slot (docs/decisions/0039-group-commit.md).
 */

export type RedisKeys = ReturnType<typeof createRedisKeys>;

/** FNV-1a, 32 bits: distributes room names over shards; the same in every process and release. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** @param shards fixed for the life of the data, because another number would change the keys of rooms. */
export function createRedisKeys(prefix: string, shards: number) {
  const shardOf = (room: string): number => fnv1a(room) % shards;
  const shard = (index: number): string => `${prefix}:{s${index}}`;
  const ofRoom = (room: string): string => `${shard(shardOf(room))}:room:${room}`;
  const user = (id: string): string => `${prefix}:{u:${id}}`;
  const control = `${prefix}:{c}:control`;
  return {
    shards,
    shardOf,
    /** Hash: epoch, run, seq, stored, at, base, floor, prevEpoch, prevUpTo, expired, born, seen, recalled, noted, reacting, reactedAt, removals. `run` is the run of Redis, `away` and the start of it, or `sealed`. */
    room: ofRoom,
    /** Stream, entry id `<seq>-0`, one field: the epoch, its value the event's JSON. */
    log: (room: string) => `${ofRoom(room)}:log`,
    /** Sorted set of a room: deleted seq -> seq of the deletion, epoch and tombstone. */
    tombstones: (room: string) => `${ofRoom(room)}:tombstones`,
    /** Mark of the newest change of a private room's members. */
    members: (room: string) => `${ofRoom(room)}:members`,
    /** Hash of a room: `target emoji user` -> 1 or 0, and PostgreSQL's answer: reactions that are not appended yet (react.lua). */
    reacting: (room: string) => `${ofRoom(room)}:reacting`,
    /** Sorted sets of a room: the reactions that its log knows (include/note-reactions.lua); `target emoji` -> target. */
    reactionNotes: (room: string) => `${ofRoom(room)}:reactions`,
    reactionEmojis: (room: string) => `${ofRoom(room)}:emojis`,
    /** Throttles a user's typing signals in a room. */
    typing: (room: string, userId: string) => `${ofRoom(room)}:typing:${userId}`,
    /**
     * Prefix of the client ids of a shard that have a seq, followed by a slice of time, `:` and a bucket: hash sentId -> seq.
     * How many buckets a slice has is in `clock` (include/sent-ids.lua).
     */
    sent: (index: number) => `${shard(index)}:sent:`,
    /** The seq given to a client id, as the release before keeps it. */
    sentBefore: (room: string, userId: string, clientId: string) =>
      `${ofRoom(room)}:sent:${userId}:${clientId}`,
    /** Sharded pub/sub channel of a room: `epoch seq json`. */
    channel: (room: string) => `${ofRoom(room)}:bus`,
    /** Hash of a shard: room -> time of the oldest event above `stored`, `n:room` -> how many there are. */
    dirty: (index: number) => `${shard(index)}:dirty`,
    /** Hash of a shard: rooms whose logs are longer than those of quiet ones. */
    long: (index: number) => `${shard(index)}:long`,
    /** Stream of a shard: the newest messages that mention somebody: room, seq, at, by (author), ids (of the mentioned). */
    mentions: (index: number) => `${shard(index)}:mentions`,
    /** Sorted set of a shard: node instance -> end of its lease. */
    presence: (index: number) => `${shard(index)}:presence`,
    /** Hash of a shard: node instance -> number of its last renewal. */
    renewals: (index: number) => `${shard(index)}:presence:ticks`,
    /** Prefixes of a shard, each followed by the name of a room: hash user -> instances that hold them; hash of guests and connections. */
    peopleIn: (index: number) => `${shard(index)}:presence:people:`,
    countsOf: (index: number) => `${shard(index)}:presence:counts:`,
    /** Prefixes of a shard, each followed by a node instance: set of its rooms; and by `:` and a room: set of its users there. */
    roomsOf: (index: number) => `${shard(index)}:presence:rooms:`,
    heldBy: (index: number) => `${shard(index)}:presence:held:`,
    /**
     * Hash of a shard: Redis' time at the last renewal by any gateway (`last`), when a jump of the clock was last noticed (`jumped`), when a
     * gateway of the release before was last heard (`heard`), and how many buckets the slices of `sent` have (`b0` to `b3`).
     */
    clock: (index: number) => `${shard(index)}:presence:clock`,
    /**
     * Hash: nickname, role, restricted reason and time, version of the row they are from, run of Redis they were kept in; a byte for each
     * client id in `userRecent`, and the time of its newest entry that has one; token bucket of messages, which stays when the rest is forgotten.
     */
    user: (id: string) => `${user(id)}:state`,
    /** Marks the newest change of the user's row; answers of PostgreSQL from before the change are outdated. */
    userChanges: (id: string) => `${user(id)}:changes`,
    /** List: the user's last 50 messages, and up to 15 before them, newest first; its head is the spam window. The rules counted each of them. */
    userRecent: (id: string) => `${user(id)}:recent`,
    /** Sorted set: room that the user spoke in before the one of the newest message -> time of their last message there. */
    userRooms: (id: string) => `${user(id)}:rooms`,
    /** Exists while the user must wait in a room in slow mode. */
    userSlow: (id: string, room: string) => `${user(id)}:slow:${room}`,
    /** Token bucket of a user's reactions: tokens and time. */
    userReactions: (id: string) => `${user(id)}:reactions`,
    /** How often the spam rule muted the user recently. */
    userStrikes: (id: string) => `${user(id)}:strikes`,
    /** Hash: gateway instance -> time until which it vouches that the user has a page in front. */
    userFront: (id: string) => `${user(id)}:front`,
    /** Set: the rooms that get a notice of one change of the user. */
    userNews: (id: string, news: string) => `${user(id)}:news:${news}`,
    /** Hash: room -> seq up to which the user has read it; `*`: the run of Redis in which PostgreSQL was asked for the others. */
    userReads: (id: string) => `${user(id)}:reads`,
    /** Hash of a shard of users: `user room` -> seq of a read that PostgreSQL may not have yet. */
    movedReads: (index: number) => `${shard(index)}:reads`,
    /** How many messages about reads were published, and the sharded pub/sub channel: `count user room seq user room seq ...`. */
    readsCount: `${prefix}:{c}:reads`,
    readsChannel: `${prefix}:{c}:reads:bus`,
    controlLog: `${control}:log`,
    controlChannel: `${control}:bus`,
    /** Hash: the id of this Redis (`redis`) and of the cluster whose logs it holds (`cluster`). */
    clusterMark: `${prefix}:{c}:cluster`,
    /** Stream of connection records on their way to the worker. */
    connections: `${prefix}:{c}:connections`,
    /** Prefix of the HTTP rate limits. */
    rate: `${prefix}:rate`,
  };
}
