/** The people whom a message concerns: those that it mentions, and the author of the message that it replies to. Pure. */
import type { EventRow } from "../event-row.ts";

export type PushKind = "mention" | "reply";
type Concerned = { userId: string; kind: PushKind };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Events may have anything in the place of an id. */
export const isUuid = (value: unknown): value is string => typeof value === "string" && UUID.test(value);
/** More than a message may mention. */
const MAX_PEOPLE = 20;

/** @returns each person once, without the author. */
export function peopleOf({
  kind,
  deleted,
  data,
  userId,
}: Pick<EventRow, "kind" | "deleted" | "data" | "userId">): Concerned[] {
  if (kind !== "message" || deleted || data === null || userId === null) return [];
  const { mentions, reply } = JSON.parse(data) as { mentions?: unknown; reply?: unknown };
  const found = new Map<string, Concerned>();
  const add = (person: unknown, why: PushKind): void => {
    const id = typeof person === "object" && person !== null ? person : {};
    const named = why === "mention" ? (id as { id?: unknown }).id : (id as { user?: unknown }).user;
    if (!isUuid(named) || named === userId || found.has(named)) return;
    found.set(named, { userId: named, kind: why });
  };
  if (Array.isArray(mentions)) for (const mention of mentions.slice(0, MAX_PEOPLE)) add(mention, "mention");
  add(reply, "reply");
  return [...found.values()];
}
