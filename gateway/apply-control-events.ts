/**
 * The handler of each event of the control log: all its effects on this gateway. Each is idempotent. Touches sockets,
 * people and rooms, so it is wiring; control/ owns the log.
 */
import { Unavailable } from "../shared/server/process/unavailable.ts";
import type { Ban, PublicUser } from "../shared/server-frames.ts";
import type { Bans } from "./control/ban-list.ts";
import type { ControlDeps } from "./control/control-log.ts";
import type { Identities } from "./control/identity-cache.ts";
import type { RaidMode } from "./control/raid-mode.ts";
import type { Notice, Notices } from "./messages/notices.ts";
import type { Evictions } from "./rooms/evictions.ts";
import type { RoomsDirectory } from "./rooms/room-catalogue.ts";
import type { RoomNews } from "./rooms/room-news.ts";

/** The sockets, as far as the handlers need them. */
type Audience = {
  endSessions: (sessions: readonly string[]) => void;
  ban: (user: string, ban: Ban) => void;
  restrict: (user: string, reason: string, until: number | undefined, tooNew: WaitOf) => void;
  change: (user: PublicUser) => void;
  raidChanged: (before: WaitOf, now: WaitOf) => void;
  /** Says to the sockets of these users that their own list of rooms changed. */
  announceOwnRooms: (users: readonly string[]) => void;
  roomsOf: (user: string) => RoomsOfUser;
};
/** How long a user is too young to write, ms. */
type WaitOf = (user: string) => number;
type RoomsOfUser = { nickname: string; rooms: Set<string> } | undefined;

type Deps = {
  sockets: Audience;
  people: {
    identities: Pick<Identities, "change" | "restrict">;
    bans: Pick<Bans, "add" | "lift">;
    closed: { add: (user: string) => void };
    raid: Pick<RaidMode, "set" | "waitMs">;
    /** Deletes the user from the cache in Redis. */
    forget: (user: string) => Promise<void>;
  };
  rooms: {
    directory: Pick<RoomsDirectory, "invalidate">;
    /** Redacts the events in memory again. */
    live: { redactAgain: () => void };
    evictions: Pick<Evictions, "settle" | "expelFrom">;
    /** Finds again who may follow a room. */
    following: { settle: (room: string) => void };
    news: Pick<RoomNews, "changed">;
  };
  notices: Pick<Notices, "notifyAboutUser">;
};

/** Age of an event from which a gateway notifies no rooms, because the others have done so. */
const NEWS_MS = 5 * 60_000;

export function createControlHandlers(deps: Deps): ControlDeps["onEvent"] {
  const { sockets, notices } = deps;
  const { identities, bans, closed, forget, raid } = deps.people;
  const { directory, live, evictions, following, news } = deps.rooms;

  return {
    sessions_ended: ({ sessions }) => sockets.endSessions(sessions),
    restricted({ user, reason, until, by, nickname, version }, entry) {
      if (by !== undefined && version === undefined) invalidate(user);
      if (!identities.restrict(user, reason, until ?? undefined, version)) return;
      sockets.restrict(user, reason, until ?? undefined, raid.waitMs);
      if (by === undefined || until === null) return;
      const found = sockets.roomsOf(user);
      // A gateway of the previous release does not send the nickname.
      const known = nickname ?? found?.nickname;
      if (known === undefined) return;
      notifyRooms(user, entry, { code: "muted", user: { id: user, nickname: known }, reason, until }, found);
    },
    user_changed({ user, before, version }, entry) {
      if (version === undefined) invalidate(user.id);
      if (!identities.change(user, version)) return;
      sockets.change(user);
      const notice: Notice =
        before === undefined ? { code: "role", user, role: user.role } : { code: "renamed", user, before };
      notifyRooms(user.id, entry, notice, sockets.roomsOf(user.id));
    },
    banned({ user, until, reason = "", version }) {
      if (version === undefined) invalidate(user);
      if (until === 0) bans.lift(user, version);
      else if (bans.add(user, { reason, until }, version)) sockets.ban(user, { reason, until });
    },
    account_closed({ user }) {
      closed.add(user);
      live.redactAgain();
    },
    raid({ raid: next }) {
      const before = raid.set(next ?? undefined);
      sockets.raidChanged(before, raid.waitMs);
    },
    room_created: ({ room }) => roomChanged(room),
    room_changed: ({ room }) => roomChanged(room),
    private_room({ room, version, members, gone }) {
      evictions.expelFrom(room, gone, version);
      directory.invalidate(room);
      evictions.settle(room);
      following.settle(room);
      sockets.announceOwnRooms(members);
    },
    own_rooms: ({ user }) => sockets.announceOwnRooms([user]),
  };

  /**
   * Every gateway notifies the rooms that the user is in on it, the latest first; the entry's id makes the notice
   * unique in each room.
   */
  function notifyRooms(userId: string, entry: string, notice: Notice, found: RoomsOfUser): void {
    if (Number.parseInt(entry, 10) < Date.now() - NEWS_MS) return;
    void notices.notifyAboutUser(userId, `control-${entry}`, [...(found?.rooms ?? [])].reverse(), notice);
  }

  function roomChanged(room: string): void {
    directory.invalidate(room);
    evictions.settle(room);
    following.settle(room);
    news.changed(room);
  }

  /** An event by a gateway of an older release, which may have left an outdated row in Redis. */
  function invalidate(user: string): void {
    forget(user).catch((error: unknown) => {
      if (!(error instanceof Unavailable)) throw error;
    });
  }
}
