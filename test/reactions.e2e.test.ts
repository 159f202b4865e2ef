/** People react on two gateways, of which one is killed amid it: everybody, also who comes later, counts the same. */
import { expect, test, vi } from "vitest";
import type { ReactionListAnswer, ReactionsAnswer } from "../shared/http-reactions.ts";
import { enter } from "./support/client.ts";
import { useCluster } from "./support/use-cluster.ts";

const { cluster, user, gateway } = useCluster({ gateways: 2 }, 2);
const LIMIT = { timeout: 30_000, interval: 200 };

type Member = Awaited<ReturnType<typeof enter>>;
let reacted = 0;
const react = (member: Member, seq: number, emoji: string, on = true): string => {
  const clientId = `react-${++reacted}`;
  member.say({ type: "react", room: "lobby", seq, emoji, on, clientId });
  return clientId;
};
const acked = (member: Member, id: string) => member.sees("ack", ({ clientId }) => clientId === id);
const count = async (by: number): Promise<ReactionsAnswer> => {
  const headers = { authorization: `Bearer ${user(by).accessToken}` };
  const answer = await fetch(`${cluster().url}/api/rooms/lobby/reactions`, { headers });
  return (await answer.json()) as ReactionsAnswer;
};
/** The users of each reaction, from all events that a member got. */
const seenBy = (member: Member): Record<string, string[]> => {
  const seen = new Map<string, Set<string>>();
  const events = member.frames.flatMap((frame) => (frame.type === "joined" ? frame.events : [frame]));
  for (const event of events) {
    if (event.type !== "reactions") continue;
    for (const { target, emoji, on, off } of event.changes) {
      const users = seen.get(`${target} ${emoji}`) ?? new Set();
      for (const id of on) users.add(id);
      for (const id of off) users.delete(id);
      seen.set(`${target} ${emoji}`, users);
    }
  }
  return Object.fromEntries([...seen].map(([key, users]) => [key, [...users].sort()]));
};

test("reactions reach everybody as events, and whoever asks counts the same, through the death of a gateway", async () => {
  const ana = await enter(gateway(0), { token: user(0).accessToken });
  const ben = await enter(gateway(1), { token: user(1).accessToken });
  const [idOfAna, idOfBen] = [user(0).user.id, user(1).user.id];
  ana.say({ type: "send", room: "lobby", clientId: "said", text: "react to this" });
  const { seq } = await acked(ana, "said");

  await acked(ana, react(ana, seq, "👍"));
  await acked(ben, react(ben, seq, "👍"));
  await acked(ben, react(ben, seq, "❤"));
  const both = { [`${seq} 👍`]: [idOfAna, idOfBen].sort(), [`${seq} ❤️`]: [idOfBen] };
  for (const member of [ana, ben]) await vi.waitFor(() => expect(seenBy(member)).toEqual(both), LIMIT);

  // The gateway dies between the acknowledgement and the event.
  await acked(ben, react(ben, seq, "🎉"));
  await acked(ben, react(ben, seq, "👍", false));
  process.kill((await cluster().find("gateway-2")).pid as number, "SIGKILL");
  const after = { [`${seq} 👍`]: [idOfAna], [`${seq} ❤️`]: [idOfBen], [`${seq} 🎉`]: [idOfBen] };
  await vi.waitFor(() => expect(seenBy(ana)).toEqual(after), LIMIT);

  await vi.waitFor(async () => {
    const { upTo, reactions } = await count(1);
    expect(upTo).toBeGreaterThan(seq);
    expect(reactions.map(({ emoji, count: users, you }) => [emoji, users, you]).sort()).toEqual(
      [
        ["❤️", 1, true],
        ["🎉", 1, true],
        ["👍", 1, false],
      ].sort(),
    );
  }, LIMIT);
  const list = await fetch(`${cluster().url}/api/rooms/lobby/messages/${seq}/reactions`);
  const { reactions } = (await list.json()) as ReactionListAnswer;
  expect(reactions.find(({ emoji }) => emoji === "👍")?.people.map(({ id }) => id)).toEqual([idOfAna]);

  ana.say({ type: "delete", room: "lobby", seq, clientId: "gone" });
  await acked(ana, "gone");
  await vi.waitFor(async () => expect((await count(0)).reactions).toEqual([]), LIMIT);
});
