import type { DialogWords } from "../dialogs.ts";
import { accountDialogsKo } from "./account-dialogs.ts";
import { circleDialogsKo } from "./circle-dialogs.ts";
import { closingDialogsKo } from "./closing-dialogs.ts";
import { emojiKo } from "./emoji.ts";
import { greetingKo } from "./greeting.ts";
import { keysKo } from "./keys.ts";
import { mentionsKo } from "./mentions.ts";
import { moderationDialogsKo } from "./moderation-dialogs.ts";
import { notificationsKo } from "./notifications.ts";
import { offlineKo } from "./offline.ts";
import { peopleKo } from "./people.ts";
import { pinsKo } from "./pins.ts";
import { reactionsKo } from "./reactions.ts";
import { readingKo } from "./reading.ts";
import { repliesKo } from "./replies.ts";
import { searchKo } from "./search.ts";
import { settingsKo } from "./settings.ts";
import { takingBackKo } from "./taking-back.ts";
import { unreadKo } from "./unread.ts";

export const dialogsKo: DialogWords = {
  account: accountDialogsKo,
  circle: circleDialogsKo,
  closing: closingDialogsKo,
  moderation: moderationDialogsKo,
  notifications: notificationsKo,
  offline: offlineKo,
  greeting: greetingKo,
  emoji: emojiKo,
  keys: keysKo,
  peopleHere: peopleKo,
  pins: pinsKo,
  reactions: reactionsKo,
  reading: readingKo,
  mentions: mentionsKo,
  preferences: settingsKo,
  replies: repliesKo,
  search: searchKo,
  takingBack: takingBackKo,
  unread: unreadKo,
};
