/** The message to a browser's service worker. Pure. */
import { createHash } from "node:crypto";
import type { PushMessage } from "../../shared/push-message.ts";
import { PLAIN_MAX } from "./encrypt.ts";
import type { News, Subscription } from "./push-queries.ts";

/** @param news of one person, oldest first. @returns undefined when this browser shows nothing of it. */
export function messageFor(
  { userId, hideText, ignored, language }: Pick<Subscription, "userId" | "hideText" | "ignored" | "language">,
  news: readonly News[],
): PushMessage | undefined {
  const seen = news.filter(({ authorId }) => !ignored.includes(authorId));
  // Other messages of a busy room must not hide one that speaks to the person.
  const newest = seen.findLast(({ kind }) => kind !== "message") ?? seen.at(-1);
  if (!newest) return undefined;
  const { room, title, seq, at, author, text, kind, isDirect } = newest;
  const rest = { to: userId, room, title, seq, at, kind, author };
  const count = seen.reduce((sum, each) => sum + each.count, 0);
  return {
    ...{ ...rest, count },
    ...(isDirect ? { direct: true } : {}),
    ...(language === null ? {} : { language }),
    ...(hideText || text === null ? {} : { text }),
  };
}

/** The JSON of a message, without its text if it is too long for a push service. */
export function bytesOf(message: PushMessage): string {
  const whole = JSON.stringify(message);
  if (Buffer.byteLength(whole) <= PLAIN_MAX) return whole;
  const { text: _, ...shorter } = message;
  return JSON.stringify({ ...shorter, title: message.room });
}

/** A message that no browser has fetched yet gives way to the next one of its room. Services see no names. */
export const topicOf = (room: string): string =>
  createHash("sha256").update(room).digest("base64url").slice(0, 32);
