/**
 * What stays of a deleted message: who said something when, and that it is gone. The same form is made in Redis by delete.lua,
 * of rows by archived-event.ts, and on a page that heard the deletion by web/sync/replica.ts.
 */

/** The text is a message's last field, and no JSON string can hold its name with bare quotes. */
const TEXT = Buffer.from(',"text":"');
const END = Buffer.from(',"deleted":true}');
const DELETED = Buffer.from('{"type":"deleted"');

/** The message's JSON without its text; source of the form: delete.lua makes the same. */
export function tombstoneOf(message: Buffer): Buffer {
  const cut = message.indexOf(TEXT);
  return cut < 0 ? message : Buffer.concat([message.subarray(0, cut), END]);
}

/** The seq that an event deletes; undefined for other events. */
export function targetOf(event: Buffer): number | undefined {
  if (!event.subarray(0, DELETED.length).equals(DELETED)) return undefined;
  return (JSON.parse(event.toString()) as { target: number }).target;
}

/**
 * Events put together from several sources, each of its own moment: what one of them deletes, none of them tells.
 * @param isDeleted what is known besides to be deleted.
 */
export function withDeletions<E extends { seq: number; bytes: Buffer }>(
  events: readonly E[],
  isDeleted = (_: number): boolean => false,
): E[] {
  const targets = new Set(events.map(({ bytes }) => targetOf(bytes)));
  return events.map((event) =>
    targets.has(event.seq) || isDeleted(event.seq) ? { ...event, bytes: tombstoneOf(event.bytes) } : event,
  );
}
