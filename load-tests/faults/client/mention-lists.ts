/** The lists of people who are mentioned, by `GET /api/me/mentions`: read again and again during a fault, and once at the end. */
import { setTimeout as wait } from "node:timers/promises";
import type { MentionsAnswer } from "../../../shared/mention-api.ts";
import type { Minted } from "../../support/commands.ts";
import type { Crowd } from "./crowd.ts";
import type { Attempt } from "./journal.ts";

type Place = { room: string; seq: number; clientId: string };
/** A mention that had been acknowledged and was not in a list. */
type Missed = { attempt: Attempt; room: string; list: number };

const PAUSE_MS = 500;
const LIMIT = 40;
const MAX_WORDS = 5;

/** @returns the places in a person's list that are in these rooms, in its order; undefined: the cluster did not answer. */
export async function readMentionList(
  url: string,
  { accessToken }: Minted,
  rooms: ReadonlySet<string>,
): Promise<Place[] | undefined> {
  const places: Place[] = [];
  for (let before: string | undefined; ; ) {
    const query = `limit=${LIMIT}${before === undefined ? "" : `&before=${encodeURIComponent(before)}`}`;
    const headers = { authorization: `Bearer ${accessToken}` };
    const response = await fetch(`${url}/api/me/mentions?${query}`, { headers }).catch(() => undefined);
    const page = response?.ok
      ? ((await response.json().catch(() => undefined)) as MentionsAnswer)
      : undefined;
    if (!page) return undefined;
    for (const { event, room } of page.mentions)
      if (rooms.has(room.name)) places.push({ room: room.name, seq: event.seq, clientId: event.clientId });
    // Older ones are those of earlier faults.
    const isPast = page.mentions.length > 0 && !page.mentions.some(({ room }) => rooms.has(room.name));
    if (page.next === undefined || isPast) return places;
    before = page.next;
  }
}

/** Reads the lists of these users in turn while the crowd talks. */
export function watchMentionLists(
  url: string,
  users: readonly Minted[],
  crowd: Crowd,
  rooms: readonly string[],
) {
  const own = new Set(rooms);
  const missed: Missed[] = [];
  const faults: string[] = [];
  let lists = 0;
  let watching = true;
  const watch = live();

  return {
    /** Ends it, once the list under way is read. */
    async end(): Promise<void> {
      watching = false;
      await watch;
    },
    /** @returns faults, in words. @param isKept whether a message was there all the time, so that every list has to have it. */
    faults(isKept: (attempt: Attempt) => boolean): string[] {
      const lost = missed.filter(({ attempt }) => attempt.acks.length === 1 && isKept(attempt));
      const words = lost.map(
        ({ attempt, room, list }) =>
          `list ${list} of mentions lacked ${attempt.clientId} of ${room}, acknowledged before`,
      );
      return [
        ...faults,
        ...words.slice(0, MAX_WORDS),
        ...(words.length > MAX_WORDS ? [`${words.length} such mentions in all`] : []),
      ];
    },
    count: (): number => lists,
  };

  async function live(): Promise<void> {
    for (let turn = 0; watching; turn++) {
      const user = users[turn % users.length];
      if (user) await look(user);
      await wait(PAUSE_MS);
    }
  }

  async function look(user: Minted): Promise<void> {
    const due = acknowledgedFor(user.user.id);
    const places = await readMentionList(url, user, own);
    if (!places) return;
    lists++;
    const keys = places.map(({ room, clientId }) => `${room} ${clientId}`);
    const there = new Set(keys);
    if (there.size < keys.length)
      faults.push(`list ${lists} of mentions has ${keys.length - there.size} twice`);
    for (const { attempt, room } of due)
      if (!there.has(`${room} ${attempt.clientId}`)) missed.push({ attempt, room, list: lists });
  }

  function acknowledgedFor(user: string): { attempt: Attempt; room: string }[] {
    return crowd.clients.flatMap(({ room, sentLog, user: author }) =>
      author === user
        ? []
        : sentLog.attempts
            .filter(({ mentions, acks }) => mentions?.includes(user) && acks.length > 0)
            .map((attempt) => ({ attempt, room })),
    );
  }
}
