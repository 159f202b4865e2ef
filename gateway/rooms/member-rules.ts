/** The rules of roles in a private room, and of how a person becomes a member. */
import type { RoomRole } from "../../shared/http-api.ts";
import { CIRCLES_MAX, MEMBERS_MAX } from "../../shared/limits.ts";
import type { Transaction } from "../../shared/server/postgres/pool.ts";
import { targetOf } from "../accounts/authorization.ts";
import { Refusal } from "../errors.ts";
import type { Notice } from "../messages/notices.ts";
import { required } from "./access.ts";
import type { HeldCircle, MemberQueries } from "./member-queries.ts";

export const RANK: Record<RoomRole, number> = { member: 0, moderator: 1, owner: 2 };

export const isLastOwner = ({ members }: HeldCircle): boolean =>
  [...members.values()].filter((role) => role === "owner").length === 1;

export function roleOf({ members }: HeldCircle, userId: string): RoomRole {
  return required(members.get(userId));
}

export async function addMember(
  { id, members }: HeldCircle,
  queries: MemberQueries,
  tx: Transaction,
  userId: string,
  role: RoomRole,
): Promise<Notice> {
  const { id: member, nickname } = await targetOf(tx, userId);
  if (members.size >= MEMBERS_MAX) throw new Refusal("room_full");
  if ((await queries.countOf(userId, "private")) >= CIRCLES_MAX) throw new Refusal("too_many_rooms");
  await queries.addMember(id, userId, role);
  return { code: "member_joined", user: { id: member, nickname } };
}
