/**
 * Messages in Kafka that are no more, or whose author's account was closed, while Kafka was off in the settings: nothing noted them. All
 * of the topic is read for them once, when it is on again.
 */
import type { Kafka } from "../../shared/server/kafka/client.ts";
import type { MessageEvent } from "../../shared/server-frames.ts";

export type Known = {
  /** Names of deleted rooms, with the highest seq of their events. */
  deletedRooms: ReadonlyMap<string, number>;
  /** Ids of closed accounts. */
  closed: ReadonlySet<string>;
};
/** Keys of messages: those of deleted rooms, and those of closed accounts with the day of each. */
export type Stale = { gone: string[]; renamed: Map<string, string> };

/** @returns also messages that are as they should be, if their author's account is closed. */
export async function findStale(
  readAll: Kafka["readAll"],
  topic: string,
  { deletedRooms, closed }: Known,
): Promise<Stale> {
  const gone = new Set<string>();
  const renamed = new Map<string, string>();
  await readAll(topic, ({ key = "", value }) => {
    gone.delete(key);
    renamed.delete(key);
    if (value === undefined) return;
    const [room = "", seq] = key.split("/");
    if (Number(seq) <= (deletedRooms.get(room) ?? 0)) return void gone.add(key);
    const { user, at } = JSON.parse(value.toString()) as MessageEvent;
    if (closed.has(user.id)) renamed.set(key, new Date(at).toISOString().slice(0, 10));
  });
  return { gone: [...gone], renamed };
}
