import type { AccountWords } from "../account.ts";

export const accountEn: AccountWords = {
  title: "Your account",
  passwordChanged: "Your password was changed. You are logged out everywhere else.",
  wrongPassword: "This is not your password.",
  saved: "Saved.",
  done: "Done.",
  bannedTitle: "This account is banned",
  banned: "You were logged out everywhere, and cannot log in with this account.",
  bannedUntil: (time) => `The ban ends on ${time}.`,
  bannedForGood: "The ban has no end.",
  banLeft: (time) => `${time} left. This page comes back by itself.`,
  readmitted: "Your ban is over. You can log in again.",
  readAsGuest: "Read as a guest",
  otherAccount: "Use another account",
};
