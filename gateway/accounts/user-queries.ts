/** SQL that reads users: name, role, mutes and bans. user-change-queries.ts owns the writes. */
import type { PersonAnswer } from "../../shared/http-api.ts";
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { StoredUser } from "../../shared/server/redis/user-store.ts";
import type { Ban, OwnUser, PublicUser, Restriction } from "../../shared/server-frames.ts";
import type { BannedUser } from "../control/ban-list.ts";
import type { IdentityReads } from "../control/identity-cache.ts";

export type UserQueries = ReturnType<typeof createUserQueries>;

export function createUserQueries(db: Db) {
  /** The columns of `Ban`. */
  const ban = db`
    coalesce(banned_reason, '') as reason,
    case when isfinite(banned_until) then floor(extract(epoch from banned_until) * 1000)::float8 end as until`;
  /** The columns of `Restriction`. */
  const restriction = db`
    coalesce(restricted_reason, '') as reason,
    floor(extract(epoch from restricted_until) * 1000)::float8 as until`;
  /** Neither closed nor banned. */
  const isActive = db`closed_at is null and coalesce(banned_until <= now(), true)`;

  async function findRestriction(id: string): Promise<Restriction | undefined> {
    const [row] = await db<Restriction[]>`
      select ${restriction} from users where id = ${id} and restricted_until > now()`;
    return row;
  }

  return {
    findRestriction,

    /** @returns undefined when the user is unknown, banned or closed. */
    async find(id: string): Promise<OwnUser | undefined> {
      const [user] = await db<OwnUser[]>`
        select id, email, nickname, role from users where id = ${id} and ${isActive}`;
      return user;
    },

    /** The existing ones among these users, by nickname. */
    listByIds: async (ids: string[]): Promise<PublicUser[]> =>
      db<PublicUser[]>`
        select id, nickname, role from users where id = any(${ids}::uuid[]) order by nickname_key`,

    /** @param id any text: only a UUID can match. */
    async findPublic(id: string): Promise<PublicUser | undefined> {
      const [user] = await db<PublicUser[]>`
        select id, nickname, role from users
        where id = case when ${id}::text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${id}::text::uuid end
          and ${isActive}`;
      return user;
    },

    /** @param key of a nickname, by which names that read alike are one. */
    async findByKey(key: string): Promise<PublicUser | undefined> {
      const [user] = await db<PublicUser[]>`
        select id, nickname, role from users where nickname_key = ${key} and ${isActive}`;
      return user;
    },

    /** A user as shown to moderators. @returns undefined when the user is unknown or closed. */
    async findPerson(id: string): Promise<PersonAnswer | undefined> {
      const [row] = await db<(PublicUser & Ban & { banned: boolean })[]>`
        select id, nickname, role, ${ban}, coalesce(banned_until > now(), false) as banned
        from users where id = ${id} and closed_at is null`;
      if (!row) return undefined;
      const { nickname, role, reason, until } = row;
      const muted = (await findRestriction(id)) ?? null;
      return { user: { id, nickname, role }, muted, ban: row.banned ? { reason, until } : null };
    },

    /**
     * The state of a user for the message path. Waits for a transaction that is changing the user, because the answer
     * must be current when it is given.
     * @returns undefined when the user is unknown, banned or closed.
     */
    async findState(id: string): Promise<StoredUser | undefined> {
      type Row = Omit<StoredUser, "restricted"> & { reason: string; until: number | null };
      const [row] = await db<Row[]>`
        select nickname, role, version, ${restriction} from users where id = ${id} and ${isActive} for share`;
      if (!row) return undefined;
      const { nickname, role, reason, until, version } = row;
      const restricted = until !== null && until > Date.now() ? { reason, until } : undefined;
      return { nickname, role, restricted, version };
    },

    /** @returns undefined when the user is not banned. */
    async findBan(id: string): Promise<Ban | undefined> {
      const [row] = await db<Ban[]>`select ${ban} from users where id = ${id} and banned_until > now()`;
      return row;
    },

    listBans: async (): Promise<BannedUser[]> =>
      db<BannedUser[]>`select id as "user", ${ban}, version from users where banned_until > now()`,

    listRestrictions: async (): ReturnType<IdentityReads["listRestrictions"]> =>
      db<({ user: string; version: number } & Restriction)[]>`
        select id as "user", version, ${restriction} from users where restricted_until > now()`,

    listChanged: async (withinMs: number): ReturnType<IdentityReads["listChanged"]> =>
      db<(PublicUser & { version: number })[]>`
        select id, nickname, role, version from users
        where changed_at > now() - ${withinMs} * interval '1 millisecond' and closed_at is null`,

    /** Ids of all closed accounts. */
    async listClosed(): Promise<string[]> {
      const rows = await db<{ id: string }[]>`select id from users where closed_at is not null`;
      return rows.map(({ id }) => id);
    },
  };
}
