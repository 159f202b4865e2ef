/** The routes of private rooms: members, links, and direct lines. */
import {
  BODIES,
  type InvitationAnswer,
  type MembersAnswer,
  type NewInvitationAnswer,
  type RoomAnswer,
} from "../../../shared/http-api.ts";
import type { Invitations } from "../../rooms/invitations.ts";
import type { PrivateRooms } from "../../rooms/private-rooms.ts";
import { shown } from "../../rooms/room-list.ts";
import type { RoomMembers } from "../../rooms/room-members.ts";
import type { Authentication } from "../authenticate.ts";
import { bodyReader } from "../body.ts";
import type { Answer, Call } from "../request.ts";
import { json, noContent } from "../response.ts";

export type MemberRoutesDeps = {
  members: Pick<RoomMembers, "list" | "put" | "remove">;
  invitations: Pick<Invitations, "create" | "endAll" | "look" | "accept">;
  privateRooms: Pick<PrivateRooms, "openLine">;
  authentication: Authentication;
};

export function memberRoutes({ members, invitations, privateRooms, authentication }: MemberRoutesDeps) {
  const readMember = bodyReader(BODIES.member);
  const readInvitation = bodyReader(BODIES.invitation);

  return {
    async list(call: Call): Promise<Answer> {
      const caller = authentication.optionalUser(call);
      const answer = await members.list(caller?.userId, call.parameters[0]);
      return json(200, answer satisfies MembersAnswer);
    },

    async put(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const [room, member] = call.parameters;
      const { role } = await readMember(call);
      await members.put(userId, room, member, role);
      return noContent();
    },

    async remove(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const [room, member] = call.parameters;
      await members.remove(userId, room, member);
      return noContent();
    },

    async invite(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const body = await readInvitation(call);
      const invitation = await invitations.create(userId, call.parameters[0], body);
      return json(201, invitation satisfies NewInvitationAnswer);
    },

    async endInvitations(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      await invitations.endAll(userId, call.parameters[0]);
      return noContent();
    },

    async invitation(call: Call): Promise<Answer> {
      const found = await invitations.look(call.parameters[0], call.device.ip);
      return json(200, found satisfies InvitationAnswer);
    },

    async accept(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const room = await invitations.accept(userId, call.parameters[0], call.device.ip);
      return json(200, { room: shown(room) } satisfies RoomAnswer);
    },

    async openLine(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const room = await privateRooms.openLine(userId, call.parameters[0]);
      return json(200, { room: shown(room) } satisfies RoomAnswer);
    },
  };
}
