import type { ModerationDialogWords } from "../moderation.ts";

export const moderationDialogsEn: ModerationDialogWords = {
  reportHint:
    "Moderators will see the message, your reason and your nickname. They see the message until they have dealt with your report, even if its author deletes it.",
  act: "Action",
  mute: "Mute",
  ban: "Ban",
  term: "For how long",
  forGood: "For good",
  liftMute: "Lift the mute",
  liftBan: "Lift the ban",
  role: "Role",
  roleNow: "Role now:",
  mutedUntil: (time) => `Muted until ${time}`,
  bannedUntil: (time) => `Banned until ${time}`,
  bannedForGood: "Banned for good",
  roleMeans: {
    user: "Talks like everybody else.",
    moderator: "May delete messages, mute people and change the settings of rooms.",
    admin: "May also ban people, close rooms and give roles, this one too.",
  },
  giveRole: (role) => `Change the role to ${role}`,
  slowMode: "Slow mode",
  slowOff: "Off",
  noReports: "Nothing was reported.",
  handled: "Seen to",
  handledAsk: "Take this report off the list? What it kept of the message is deleted with it.",
  showMessage: "Show the message",
  saidOn: (time) => `Sent ${time}`,
  saidAs: (name) => `under the name ${name}`,
  reportOf: (author, room, reporter) => `${author} in ${room}, reported by ${reporter}`,
  somebody: "somebody",
};
