/** Rooms over the HTTP API: history and creation. */
import type { HistoryAnswer } from "../shared/http-api.ts";
import { HISTORY_MAX } from "../shared/limits.ts";
import type { Row } from "./queries.ts";

/** Every message of a room, by seq. */
export async function readHistory(url: string, room: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let before: number | undefined, more = true; more; ) {
    const query = `limit=${HISTORY_MAX}${before === undefined ? "" : `&before=${before}`}`;
    const response = await fetch(`${url}/api/rooms/${room}/messages?${query}`);
    if (!response.ok) throw new Error(`history answered ${response.status}`);
    const page = (await response.json()) as HistoryAnswer;
    const messages = page.events.filter((event) => event.type === "message");
    rows.unshift(
      ...messages.map(({ seq, clientId, text, reply }) => ({ seq, clientId, text, replyTo: reply?.seq })),
    );
    before = page.events[0]?.seq;
    more = page.more && before !== undefined;
  }
  return rows;
}

/** @throws Error unless the cluster has this room. */
export async function requireRoom(url: string, room: string): Promise<void> {
  const response = await fetch(`${url}/api/rooms/${encodeURIComponent(room)}/messages?limit=1`);
  if (response.status === 404)
    throw new Error(`There is no room ${room} at ${url}: choose another with --room`);
  if (!response.ok) throw new Error(`Asking for the room ${room} at ${url} answered ${response.status}`);
}

export async function createRoom(url: string, token: string, name: string): Promise<void> {
  const response = await fetch(`${url}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ name, title: name }),
  });
  if (response.status !== 201) throw new Error(`creating a room answered ${response.status}`);
}
