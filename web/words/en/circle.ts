import type { CircleWords } from "../circle.ts";

export const circleEn: CircleWords = {
  lines: "Direct messages",
  private: "Private",
  members: "Members",
  out: (title) => `You are no longer in ${title}.`,
  closedAccount: "closed account",
  joined: (name) => `${name} joined.`,
  left: (name) => `${name} left.`,
  removed: (name) => `${name} was removed.`,
  role: (name, role) => `${name} is now ${role} here.`,
  roles: { owner: "owner", moderator: "moderator", member: "member" },
};
