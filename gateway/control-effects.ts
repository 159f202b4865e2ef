/** What each event of the control log does on this gateway. Applied again it does no harm. */
import type { PublicUser } from "../shared/server-frames.ts";
import type { Bans } from "./bans.ts";
import type { ClosedAccounts } from "./closed-accounts.ts";
import type { ControlDeps } from "./control.ts";
import type { Identities } from "./identities.ts";
import type { Notice, Notices } from "./notices.ts";
import type { Rooms } from "./rooms.ts";
import type { RoomsDirectory } from "./rooms-directory.ts";

/** Sockets as seen from here: what is decided about them from outside. */
export type Audience = {
  endSessions: (sessions: readonly string[]) => void;
  ban: (user: string) => void;
  restrict: (user: string, reason: string, until: number | null) => void;
  change: (user: PublicUser) => void;
  whereIs: (user: string) => { nickname: string; rooms: Set<string> } | null;
};

type Deps = {
  sockets: Audience;
  identities: Pick<Identities, "change" | "restrict">;
  bans: Pick<Bans, "add" | "lift">;
  closed: Pick<ClosedAccounts, "add">;
  directory: Pick<RoomsDirectory, "learn">;
  notices: Pick<Notices, "tell">;
  rooms: () => Pick<Rooms, "reread">;
};

/** A gateway that learns of something later than this says nothing of it: the others have told the rooms. */
const NEWS_MS = 5 * 60_000;

export function createControlEffects(deps: Deps): ControlDeps["onEvent"] {
  const { sockets, identities, bans, closed, directory, notices } = deps;

  /** Every gateway with a socket of the user tells the rooms it knows them in; the entry's id makes it one notice in each. */
  const tellRooms = (userId: string, entry: string, notice: (nickname: string) => Notice): void => {
    if (Number.parseInt(entry, 10) < Date.now() - NEWS_MS) return;
    const found = sockets.whereIs(userId);
    for (const room of found?.rooms ?? [])
      void notices.tell(room, `control-${entry}`, notice(found?.nickname ?? ""));
  };

  return {
    sessions_ended: ({ sessions }) => sockets.endSessions(sessions),
    restricted({ user, reason, until, by }, entry) {
      identities.restrict(user, reason, until);
      sockets.restrict(user, reason, until);
      if (by !== undefined && until !== null)
        tellRooms(user, entry, (nickname) => ({
          code: "muted",
          user: { id: user, nickname },
          reason,
          until,
        }));
    },
    user_changed({ user, before }, entry) {
      identities.change(user);
      sockets.change(user);
      tellRooms(user.id, entry, () =>
        before === undefined ? { code: "role", user, role: user.role } : { code: "renamed", user, before },
      );
    },
    banned({ user, until }) {
      if (until === 0) return bans.lift(user);
      bans.add(user, until ?? Number.POSITIVE_INFINITY);
      sockets.ban(user);
    },
    account_closed({ user }) {
      closed.add(user);
      deps.rooms().reread();
    },
    room_created: ({ room }) => directory.learn(room),
    room_changed: ({ room }) => directory.learn(room),
  };
}
