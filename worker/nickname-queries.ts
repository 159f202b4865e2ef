/** SQL of how nicknames look, where another version of the rules, or none, worked it out. */
import type { Transaction } from "../shared/server/postgres/pool.ts";

type GivenName = { id: string; nickname: string };
export type Look = { id: string; skeleton: string };

/** Users in order of their age whose skeleton is not of this version, held until the end. Who is changed at this moment is left out. */
export const holdOutdated = async (
  tx: Transaction,
  version: string,
  after: string,
  max: number,
): Promise<GivenName[]> =>
  tx<GivenName[]>`
    select id, nickname from users
    where id > ${after} and nickname_key is not null
      and (nickname_skeleton is null or not starts_with(nickname_skeleton, ${version}))
    order by id limit ${max}
    for no key update skip locked`;

/**
 * Of names that look alike the oldest account's keeps the look, and takes it from a younger one; the others stay without
 * one, and all keep their names.
 * @throws a violated unique key when one of the looks is given away at this moment.
 */
export async function setLooks(tx: Transaction, looks: readonly Look[]): Promise<number> {
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
}
