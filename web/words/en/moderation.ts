import type { ModerationWords } from "../moderation.ts";

export const moderationEn: ModerationWords = {
  report: "Report",
  reported: "Thank you. The moderators will look at it.",
  ignore: "Ignore",
  nowIgnored: (name) => `You no longer see what ${name} writes. Your account settings undo this.`,
  moderate: "Moderate",
  roles: { user: "User", moderator: "Moderator", admin: "Admin" },
  slowEvery: (span) => `One message every ${span}`,
  notices: {
    renamed: (before, now) => `${before} is now called ${now}.`,
    muted: (name, span, reason) => `${name} was muted for ${span}${reason && `: ${reason}`}.`,
    role: (name, role) => `${name} has a new role: ${role}.`,
    slowOn: (name, span) => `${name} turned on slow mode: one message every ${span}.`,
    slowOff: (name) => `${name} turned off slow mode.`,
    pinned: (name) => `${name} pinned a message.`,
    unpinned: (name) => `${name} unpinned the message at the top.`,
    announced: (name, text) => `Announcement by ${name}: ${text}`,
  },
};
