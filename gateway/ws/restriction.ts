/** Two things may keep a user from writing: a restriction of their own, and raid mode. Their pages are told of the one that lasts longer. */
import type { Restriction } from "../../shared/server-frames.ts";
import type { Connection } from "./connection.ts";

/** The reason of a restriction by raid mode. A page has words for it. */
export const TOO_NEW = "too_new";
/** How long raid mode keeps a user from writing, ms. */
export type TooNewMs = (user: string) => number;

/** @returns undefined when the user of the connection may write. */
export function restrictionOf(
  { user, restricted }: Pick<Connection, "user" | "restricted">,
  tooNewMs: TooNewMs,
  now = Date.now(),
): Restriction | undefined {
  const own = restricted && restricted.until > now ? restricted : undefined;
  const until = now + (user?.role === "user" ? tooNewMs(user.id) : 0);
  return until > (own?.until ?? now) ? { reason: TOO_NEW, until } : own;
}
