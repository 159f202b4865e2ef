/** The words of the dialogs, which come with the script of the dialogs. */
import type { AccountDialogWords } from "./account.ts";
import type { CircleDialogWords } from "./circle.ts";
import type { ClosingDialogWords } from "./closing.ts";
import type { EmojiWords } from "./emoji.ts";
import type { GreetingWords } from "./greeting.ts";
import type { KeysWords } from "./keys.ts";
import type { MentionWords } from "./mentions.ts";
import type { ModerationDialogWords } from "./moderation.ts";
import type { NotificationWords } from "./notifications.ts";
import type { OfflineWords } from "./offline.ts";
import type { PeopleWords } from "./people.ts";
import type { PinWords } from "./pins.ts";
import type { ReactionWords } from "./reactions.ts";
import type { ReadingWords } from "./reading.ts";
import type { ReplyWords } from "./replies.ts";
import type { SearchWords } from "./search.ts";
import type { SettingsWords } from "./settings.ts";
import type { TakingBackWords } from "./taking-back.ts";
import type { UnreadWords } from "./unread.ts";
import type { Words } from "./words.ts";

export type DialogWords = {
  account: AccountDialogWords;
  circle: CircleDialogWords;
  closing: ClosingDialogWords;
  moderation: ModerationDialogWords;
  notifications: NotificationWords;
  offline: OfflineWords;
  greeting: GreetingWords;
  emoji: EmojiWords;
  keys: KeysWords;
  peopleHere: PeopleWords;
  pins: PinWords;
  reactions: ReactionWords;
  reading: ReadingWords;
  mentions: MentionWords;
  preferences: SettingsWords;
  replies: ReplyWords;
  search: SearchWords;
  takingBack: TakingBackWords;
  unread: UnreadWords;
};
/** All words. */
export type FullWords = Words & DialogWords;

export const withDialogWords = (
  words: Words,
  { account, circle, closing, moderation, ...more }: DialogWords,
): FullWords => ({
  ...words,
  ...more,
  account: { ...words.account, ...account },
  circle: { ...words.circle, ...circle },
  closing: { ...words.closing, ...closing },
  moderation: { ...words.moderation, ...moderation },
});
