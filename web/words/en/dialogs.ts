import type { DialogWords } from "../dialogs.ts";
import { accountDialogsEn } from "./account-dialogs.ts";
import { circleDialogsEn } from "./circle-dialogs.ts";
import { closingDialogsEn } from "./closing-dialogs.ts";
import { emojiEn } from "./emoji.ts";
import { greetingEn } from "./greeting.ts";
import { keysEn } from "./keys.ts";
import { mentionsEn } from "./mentions.ts";
import { moderationDialogsEn } from "./moderation-dialogs.ts";
import { notificationsEn } from "./notifications.ts";
import { offlineEn } from "./offline.ts";
import { peopleEn } from "./people.ts";
import { pinsEn } from "./pins.ts";
import { reactionsEn } from "./reactions.ts";
import { readingEn } from "./reading.ts";
import { repliesEn } from "./replies.ts";
import { searchEn } from "./search.ts";
import { settingsEn } from "./settings.ts";
import { takingBackEn } from "./taking-back.ts";
import { unreadEn } from "./unread.ts";

export const dialogsEn: DialogWords = {
  account: accountDialogsEn,
  circle: circleDialogsEn,
  closing: closingDialogsEn,
  moderation: moderationDialogsEn,
  notifications: notificationsEn,
  offline: offlineEn,
  greeting: greetingEn,
  emoji: emojiEn,
  keys: keysEn,
  peopleHere: peopleEn,
  pins: pinsEn,
  reactions: reactionsEn,
  reading: readingEn,
  mentions: mentionsEn,
  preferences: settingsEn,
  replies: repliesEn,
  search: searchEn,
  takingBack: takingBackEn,
  unread: unreadEn,
};
