/** Sentences about private rooms and direct lines. Names and titles are isolated already. */
import type { RoomRole } from "../../shared/http-api.ts";

export type CircleWords = {
  lines: string;
  private: string;
  members: string;
  /** The person is no longer in a private room. */
  out: (title: string) => string;
  closedAccount: string;
  joined: (name: string) => string;
  left: (name: string) => string;
  removed: (name: string) => string;
  role: (name: string, role: string) => string;
  roles: Record<RoomRole, string>;
};

/** Those of the dialogs, which come with their script. */
export type CircleDialogWords = {
  write: string;
  kinds: string;
  kind: { public: string; private: string };
  privateHint: string;
  count: (members: number) => string;
  you: string;
  inviteTitle: string;
  inviteName: string;
  invite: string;
  added: (name: string) => string;
  notFound: string;
  link: string;
  makeLink: string;
  linkEnds: (time: string) => string;
  copyLink: string;
  shareLink: string;
  endLinks: string;
  endLinksAsk: string;
  linksEnded: string;
  actsOn: (name: string) => string;
  makeRole: Record<RoomRole, string>;
  remove: string;
  removeAsk: (name: string) => string;
  leave: string;
  leaveAsk: string;
  leaveLast: string;
  deleteRoom: string;
  deleteRoomAsk: string;
  invitation: string;
  invites: (inviter: string, title: string) => string;
  accept: string;
  signUpFirst: string;
};
