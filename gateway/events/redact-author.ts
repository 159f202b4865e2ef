/**
 * Events without the name of a closed account. Owns how a name is found and replaced; control/closed-accounts.ts owns
 * the closed accounts.
 */

import { CLOSED_NICKNAME } from "../../shared/server/events/archived-event.ts";

/** The author comes before every text of a person, and no JSON string can hold this with bare quotes. */
const AUTHOR = /"user":\{"id":"([^"]+)"/;

/** @returns the id of an event's author, or of a notice's subject; undefined for events about nobody. */
export const authorOf = (json: string): string | undefined => AUTHOR.exec(json)?.[1];

/** @returns the event's JSON, without nickname, role and former nickname if its author is closed. */
export function redactAuthor(json: string, isClosed: (userId: string) => boolean): string {
  const author = authorOf(json);
  if (author === undefined || !isClosed(author)) return json;
  const event = JSON.parse(json) as {
    type?: string;
    user: { id: string; nickname?: string };
    before?: string;
    role?: string;
  };
  event.user.nickname = CLOSED_NICKNAME;
  if (event.type === "message") delete event.role;
  if (event.before !== undefined) event.before = CLOSED_NICKNAME;
  return JSON.stringify(event);
}
