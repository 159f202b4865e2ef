/** Sentences about moderation. Names are isolated already. */
import type { Role } from "../../shared/server-frames.ts";

export type ModerationWords = {
  report: string;
  reported: string;
  ignore: string;
  nowIgnored: (name: string) => string;
  moderate: string;
  roles: Record<Role, string>;
  slowEvery: (span: string) => string;
  notices: {
    renamed: (before: string, now: string) => string;
    muted: (name: string, span: string, reason: string) => string;
    role: (name: string, role: string) => string;
    slowOn: (name: string, span: string) => string;
    slowOff: (name: string) => string;
    pinned: (name: string) => string;
    unpinned: (name: string) => string;
    announced: (name: string, text: string) => string;
  };
};

/** Those of the dialogs, which come with their script. */
export type ModerationDialogWords = {
  reports: string;
  reportsOpen: (count: number) => string;
  roomSettings: string;
  reportHint: string;
  /** The messages of the last hour, together with a mute or a ban. */
  removeToo: string;
  giveRoleAsk: (name: string, now: string, next: string) => string;
  around: string;
  actsOf: string;
  deleteIt: string;
  muteTen: string;
  dismissIt: string;
  goThere: string;
  raid: string;
  raidHint: string;
  raidOn: (age: string, end: string) => string;
  raidBegin: (age: string) => string;
  raidEnd: string;
  act: string;
  mute: string;
  ban: string;
  term: string;
  forGood: string;
  liftMute: string;
  liftBan: string;
  role: string;
  roleNow: string;
  mutedUntil: (time: string) => string;
  bannedUntil: (time: string) => string;
  bannedForGood: string;
  roleMeans: Record<Role, string>;
  giveRole: (role: string) => string;
  slowMode: string;
  slowOff: string;
  noReports: string;
  showMessage: string;
  saidOn: (time: string) => string;
  saidAs: (name: string) => string;
  reportOf: (author: string, room: string, reporter: string) => string;
  somebody: string;
};
