/** Requests about private rooms and direct lines. Apart from the others, because they come with the script of on-demand parts. */
import type {
  InvitationAnswer,
  MembersAnswer,
  NewInvitationAnswer,
  RoomAnswer,
  RoomRole,
  UserAnswer,
} from "../../shared/http-api.ts";
import type { Api } from "../sync/api.ts";

export type CircleApi = ReturnType<typeof createCircleApi>;

export function createCircleApi({ asUser }: Pick<Api, "asUser">) {
  const member = (room: string, user: string) => `/api/rooms/${room}/members/${user}`;
  const links = (room: string) => `/api/rooms/${room}/invitations`;
  return {
    create: (title: string) => asUser<RoomAnswer>("POST", "/api/rooms", { title, private: true }),
    remove: (room: string) => asUser<undefined>("DELETE", `/api/rooms/${room}?history=deleted`),
    members: (room: string) => asUser<MembersAnswer>("GET", `/api/rooms/${room}/members`),
    put: (room: string, user: string, role?: RoomRole) =>
      asUser<undefined>("PUT", member(room, user), role ? { role } : {}),
    takeOut: (room: string, user: string) => asUser<undefined>("DELETE", member(room, user)),
    invite: (room: string) => asUser<NewInvitationAnswer>("POST", links(room), {}),
    endLinks: (room: string) => asUser<undefined>("DELETE", links(room)),
    invitation: (token: string) => asUser<InvitationAnswer>("GET", `/api/invitations/${token}`),
    accept: (token: string) => asUser<RoomAnswer>("POST", `/api/invitations/${token}`, {}),
    openLine: (user: string) => asUser<RoomAnswer>("PUT", `/api/direct/${user}`, {}),
    findUser: (nickname: string) =>
      asUser<UserAnswer>("GET", `/api/users?${new URLSearchParams({ nickname })}`),
  };
}
