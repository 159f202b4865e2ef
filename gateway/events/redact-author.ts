/** Events without the name of a closed account. Owns how a name is found and replaced; who is closed is control/closed-accounts.ts'. */

/** What is shown instead of the name that somebody had. */
export const CLOSED_NICKNAME = "closed account";

/** The author stands before anything a person wrote, and no JSON string can hold this with bare quotes. */
const AUTHOR = /"user":\{"id":"([^"]+)"/;

/** The id of an event's author, or of whom a notice tells; undefined for events of nobody. */
export const authorOf = (json: string): string | undefined => AUTHOR.exec(json)?.[1];

/** The event's JSON; without the nickname, the role and the former nickname when its author is closed. */
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
