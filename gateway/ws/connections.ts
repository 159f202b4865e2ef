/** All sockets of this gateway, and every decision about them from outside: time-outs, ended sessions, restrictions. */
import { CLOSE } from "../../shared/codes.ts";
import type { Ban, PublicUser } from "../../shared/server-frames.ts";
import { HELLO_TIMEOUT_MS } from "../../shared/timeouts.ts";
import { end, endBanned, type Socket, send } from "./connection.ts";
import { restrictionOf, TOO_NEW, type TooNewMs } from "./restriction.ts";

export type Sockets = ReturnType<typeof createSockets>;

const SWEEP_MS = 1_000;
const ANNOUNCE_MS = 200;

export function createSockets(now = Date.now) {
  const all = new Set<Socket>();

  const timer = setInterval(sweep, SWEEP_MS);
  /** Users whose own list of rooms changed a moment ago. */
  const unannounced = new Set<string>();
  let announcing: NodeJS.Timeout | undefined;

  return {
    sweep,
    get count(): number {
      return all.size;
    },
    add: (socket: Socket): void => void all.add(socket),
    remove: (socket: Socket): void => void all.delete(socket),
    all: (): readonly Socket[] => [...all],

    /** Closes the sockets of these sessions. */
    endSessions(sessions: readonly string[]): void {
      const ended = new Set(sessions);
      for (const socket of all) {
        if (ended.has(socket.getUserData().connection.session))
          end(socket, CLOSE.sessionEnded, "session ended");
      }
    },

    /** Sends a banned user's sockets the ban and closes them. */
    ban(user: string, ban: Ban): void {
      for (const socket of all) {
        if (socket.getUserData().connection.user?.id === user) endBanned(socket, ban);
      }
    },

    /** @returns the user's nickname here and the rooms of their sockets on this gateway; undefined: no socket. */
    roomsOf(user: string): { nickname: string; rooms: Set<string> } | undefined {
      let nickname: string | undefined;
      const rooms = new Set<string>();
      for (const socket of all) {
        const connection = socket.getUserData().connection;
        if (!connection.open || connection.user?.id !== user) continue;
        nickname = connection.user.nickname;
        for (const room of connection.rooms) rooms.add(room);
      }
      return nickname === undefined ? undefined : { nickname, rooms };
    },

    /** Notifies all sockets of a user that they are muted until then; undefined: that the mute is over. Raid mode may outlast it. */
    restrict(user: string, reason: string, until: number | undefined, tooNewMs: TooNewMs): void {
      for (const socket of all) {
        const { connection } = socket.getUserData();
        if (connection.user?.id !== user) continue;
        connection.restricted = until === undefined ? undefined : { reason, until };
        tell(socket, reason, tooNewMs);
      }
    },

    /**
     * Says to the users who are too young to write how long that lasts, and to those who were that it is over, or that a mute is left.
     * @param before as it was until now. @param after as it is from now on.
     */
    raidChanged(before: TooNewMs, after: TooNewMs): void {
      for (const socket of all) {
        const { user } = socket.getUserData().connection;
        if (user?.role === "user" && (after(user.id) > 0 || before(user.id) > 0))
          tell(socket, TOO_NEW, after);
      }
    },

    /** Closes the sockets of a room whose log cannot be read, with a code that says to come back. */
    endRoom(room: string): void {
      for (const socket of all) {
        if (socket.getUserData().connection.rooms.includes(room))
          end(socket, CLOSE.lostLog, "the room cannot be read");
      }
    },

    /** Applies a user's new name or role. */
    change(user: PublicUser): void {
      for (const socket of all) {
        const connection = socket.getUserData().connection;
        if (connection.user?.id === user.id) connection.user = user;
      }
    },

    /** Says to the sockets of these users that their own list of rooms changed. */
    announceOwnRooms(users: readonly string[]): void {
      for (const user of users) unannounced.add(user);
      announcing ??= setTimeout(announce, ANNOUNCE_MS);
    },

    close(): void {
      clearInterval(timer);
      clearTimeout(announcing);
    },
  };

  /** One pass for all who go to a room at once, because it looks at every socket. */
  function announce(): void {
    announcing = undefined;
    for (const socket of all) {
      const { open, user } = socket.getUserData().connection;
      if (open && user && unannounced.has(user.id)) send(socket, { type: "own_rooms" });
    }
    unannounced.clear();
  }

  /** @param over the reason that is over if nothing keeps the user from writing. */
  function tell(socket: Socket, over: string, tooNewMs: TooNewMs): void {
    const lasting = restrictionOf(socket.getUserData().connection, tooNewMs, now());
    send(socket, { type: "restricted", ...(lasting ?? { reason: over, until: null }) });
  }

  /** One sweep over all sockets costs less than a timer for each. */
  function sweep(): void {
    const time = now();
    for (const socket of all) {
      const { authenticated, openedAt, user, tokenEndsAt } = socket.getUserData().connection;
      if (!authenticated && time - openedAt >= HELLO_TIMEOUT_MS)
        end(socket, CLOSE.noHello, "no hello in time");
      else if (user && time >= tokenEndsAt) end(socket, CLOSE.sessionEnded, "token ended");
    }
  }
}
