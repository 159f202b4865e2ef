/** SQL of skeletons of nicknames that are missing or of another version. */
import type { Transaction } from "../shared/server/postgres/pool.ts";

type GivenName = { id: string; nickname: string };
export type Look = { id: string; skeleton: string };

export function createNicknameQueries(tx: Transaction) {
  return {
    /** Users whose skeleton is not of this version, oldest first, locked until the end of the transaction. Skips users locked by others. */
    holdOutdated: async (version: string, after: string, max: number): Promise<GivenName[]> =>
      tx<GivenName[]>`
        select id, nickname from users
        where id > ${after} and nickname_key is not null
          and (nickname_skeleton is null or not starts_with(nickname_skeleton, ${version}))
        order by id limit ${max}
        for no key update skip locked`,

    /**
     * Of names that look alike, the oldest account gets the skeleton, even if a younger one has it; the others get none. All keep
     * their names.
     * @throws PostgresError of a unique violation if another transaction takes one of the skeletons meanwhile.
     */
    async setLooks(looks: readonly Look[]): Promise<number> {
      const ids = looks.map(({ id }) => id);
      const skeletons = looks.map(({ skeleton }) => skeleton);
      const fresh = tx`(
        select distinct on (skeleton) id, skeleton
        from unnest(${ids}::uuid[], ${skeletons}::text[]) as given (id, skeleton)
        order by skeleton, id
      )`;
      await tx`
        update users set nickname_skeleton = null
        where id in (
          select users.id from users join ${fresh} fresh on users.nickname_skeleton = fresh.skeleton
          where users.id > fresh.id
          for no key update of users skip locked)`;
      const { count } = await tx`
        update users set nickname_skeleton = fresh.skeleton
        from ${fresh} fresh
        where users.id = fresh.id
          and not exists (select from users other where other.nickname_skeleton = fresh.skeleton)`;
      return count;
    },
  };
}
