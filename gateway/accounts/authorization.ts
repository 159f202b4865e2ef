/** Authorization by role. Roles are read from PostgreSQL each time, because the role in a token may be outdated. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { PublicUser, Role } from "../../shared/server-frames.ts";
import { Refusal } from "../errors.ts";
import { createUserQueries } from "./user-queries.ts";

const RANK: Record<Role, number> = { user: 0, moderator: 1, admin: 2 };

/** Whether the role of `a` is above that of `b`. */
export const isAbove = (a: PublicUser, b: PublicUser): boolean => RANK[a.role] > RANK[b.role];

/**
 * @param db a transaction, if the answer has to hold until its end.
 * @returns the user with the current name and role.
 * @throws Refusal `unauthenticated` when the user is unknown, banned or closed; `forbidden` when the role is not
 * enough.
 */
export async function actorOf(db: Db, userId: string, min: Role): Promise<PublicUser> {
  const actor = await createUserQueries(db).find(userId);
  if (actor === undefined) throw new Refusal("unauthenticated");
  const { id, nickname, role } = actor;
  if (RANK[role] < RANK[min]) throw new Refusal("forbidden");
  return { id, nickname, role };
}

/**
 * @param userId any text of a client.
 * @returns the user of an act, with the current name and role.
 * @throws Refusal `no_such_user` when the user is unknown, banned or closed.
 */
export async function targetOf(db: Db, userId: string): Promise<PublicUser> {
  const user = await createUserQueries(db).findPublic(userId);
  if (user === undefined) throw new Refusal("no_such_user");
  return user;
}
