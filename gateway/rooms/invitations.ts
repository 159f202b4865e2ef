/** Links by which people join a private room. Anybody with a link may use it until it ends, so it is made as a secret is. */
import { createHash, randomBytes } from "node:crypto";
import type { InvitationAnswer, NewInvitationAnswer, NewInvitationBody } from "../../shared/http-api.ts";
import { INVITATION_MS, INVITATION_USES, INVITATIONS_MAX, MEMBERS_MAX } from "../../shared/limits.ts";
import type { Mutes } from "../accounts/mutes.ts";
import { Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import { type Access, required } from "./access.ts";
import { createInvitationQueries, type InvitationQueries } from "./invitation-queries.ts";
import type { RoomMembers } from "./room-members.ts";
import type { StoredRoom } from "./room-queries.ts";

export type Invitations = ReturnType<typeof createInvitations>;
type InvitationsDeps = {
  queries: InvitationQueries;
  access: Pick<Access, "findForWriting" | "find">;
  members: Pick<RoomMembers, "admit">;
  mutes: Pick<Mutes, "refuse">;
  limits: Pick<HttpLimits, "invite" | "lookAtInvitation">;
};

const TOKEN = /^[A-Za-z0-9_-]{22}$/;

export function createInvitations({ queries, access, members, mutes, limits }: InvitationsDeps) {
  return {
    /**
     * For owners and moderators of the room.
     * @throws Refusal `no_such_room`, `forbidden`, `muted`, `too_many_attempts`, `too_many_invitations`.
     */
    async create(by: string, name: string, body: NewInvitationBody): Promise<NewInvitationAnswer> {
      await mutes.refuse(by);
      const { id } = await requireModerator(by, name);
      await limits.invite(by);
      if ((await queries.count(id)) >= INVITATIONS_MAX) throw new Refusal("too_many_invitations");
      const token = randomBytes(16).toString("base64url");
      const expiresAt = Date.now() + (body.lastsMs ?? INVITATION_MS);
      const uses = Math.min(body.uses ?? INVITATION_USES, MEMBERS_MAX);
      await queries.add(id, by, hashOf(token), expiresAt, uses);
      return { token, expiresAt, uses };
    },

    /** Ends every link of the room. @throws Refusal `no_such_room`, `forbidden`. */
    async endAll(by: string, name: string): Promise<void> {
      const { id } = await requireModerator(by, name);
      await queries.endAll(id);
    },

    /** The room behind a link, for anybody who has it, guests too. @throws Refusal `no_such_invitation`. */
    async look(token: string, ip: string): Promise<InvitationAnswer> {
      await limits.lookAtInvitation(ip);
      const { title, members: count, inviter } = await find(token);
      return { title, members: count, inviter };
    },

    /** Makes the user a member. A member who uses a link costs it nothing. @throws Refusal as `admit`, and `no_such_invitation`. */
    async accept(by: string, token: string, ip: string): Promise<StoredRoom> {
      await limits.lookAtInvitation(ip);
      const { id, room } = await find(token);
      await members.admit(room, by, async (tx) => {
        if (!(await createInvitationQueries(tx).spend(id))) throw new Refusal("no_such_invitation");
      });
      return required(await access.find(by, room));
    },
  };

  async function find(token: string) {
    const found = TOKEN.test(token) ? await queries.find(hashOf(token)) : undefined;
    if (found === undefined) throw new Refusal("no_such_invitation");
    return found;
  }

  async function requireModerator(by: string, name: string): Promise<StoredRoom> {
    const room = required(await access.find(by, name));
    if (room.circle === undefined) throw new Refusal("forbidden");
    // The role must be current, because a link outlives a moderator's term.
    const { circle } = required(await access.findForWriting(by, name));
    if (circle?.kind !== "private" || circle.members.get(by) === "member") throw new Refusal("forbidden");
    return room;
  }
}

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();
