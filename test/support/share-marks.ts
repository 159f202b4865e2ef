/** Reactions and reads on two gateways, of one release or of two, of which the other one knows. */
import { enter } from "./client.ts";
import { say } from "./people.ts";

/** Reacts and reads on both gateways, and expects the other one to know of it. */
export async function shareMarks(urls: [string, string], token: string, room: string, seq: number) {
  const [one, other] = [await enter(urls[0], { token, room }), await enter(urls[1], { token, room })];
  for (const [by, emoji] of [[one, "👍"] as const, [other, "🔥"] as const]) {
    by.say({ type: "react", room, seq, emoji, on: true, clientId: by === one ? "one" : "other" });
    for (const each of [one, other])
      await each.until(`${emoji} for both`, () =>
        each.all("reactions").some(({ changes }) => changes.some((change) => change.emoji === emoji)),
      );
  }
  for (const each of [one, other]) {
    each.say({ type: "follow", rooms: [room], clientId: "f" });
    await each.sees("heads");
  }
  const readBy = (upTo: number) => (each: typeof one) =>
    each.until(`read up to ${upTo}`, () =>
      each.all("heads").some(({ rooms }) => rooms.some(({ read }) => read >= upTo)),
    );
  one.say({ type: "read", room, seq, clientId: "r" });
  await readBy(seq)(other);
  const next = Number(await say(one, "one more"));
  other.say({ type: "read", room, seq: next, clientId: "r" });
  await readBy(next)(one);
  for (const each of [one, other]) each.close();
}
