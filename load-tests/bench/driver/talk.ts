/** Messages at a steady rate, whether or not the earlier ones were answered: each is due at a time of its own. */
import { setTimeout as wait } from "node:timers/promises";
import type { Member } from "./member.ts";
import type { Heard, Talk } from "./orders.ts";
import type { Tally } from "./tally.ts";
import { composeText } from "./text.ts";

/** Later answers count as not given. */
const TAIL_MS = 1_000;
export async function talk(members: Member[], tally: Tally, order: Talk): Promise<Heard> {
  const { rate, seconds, senders: count, stampEvery } = order;
  const { counts, latency } = tally;
  const audience = new Map<string, number>();
  for (const { seat } of members) audience.set(seat.room, (audience.get(seat.room) ?? 0) + 1);
  const senders = spread(members, count, order.room);
  latency.clear();
  const before = { ...counts };
  const total = Math.round(rate * seconds);
  let sent = 0;
  let due = 0;
  let stampedDue = 0;

  const [cpu, began] = [process.cpuUsage(), performance.now()];
  const endsAt = began + seconds * 1_000;
  for (let now = began; now < endsAt; now = performance.now()) {
    const upTo = Math.min(total, ((now - began) / 1_000) * rate);
    while (sent < upTo) sayNext();
    await wait(1);
  }
  while (sent < total) sayNext();
  const took = (performance.now() - began) / 1_000;
  const deliveredInTime = counts.delivered - before.delivered;
  const { user, system } = process.cpuUsage(cpu);
  const refused = (): number => counts.refused - before.refused;
  /** Nobody waits for a message that was refused. */
  const expected = (count: number): number => count * (1 - refused() / Math.max(1, sent));
  const isComplete = (): boolean =>
    counts.delivered - before.delivered >= expected(due) && answered() >= sent;
  const answered = (): number => counts.acknowledged - before.acknowledged + refused();
  const tailEndsAt = performance.now() + TAIL_MS;
  while (!isComplete() && performance.now() < tailEndsAt) await wait(5);
  const missing = Math.max(0, Math.round(expected(stampedDue)) - latency.count());
  return {
    ...{ seconds: took, sent, due: Math.round(expected(due)), deliveredInTime },
    acknowledged: counts.acknowledged - before.acknowledged,
    refused: refused(),
    delivered: counts.delivered - before.delivered,
    bytes: counts.bytes - before.bytes,
    p50: tally.quantile(0.5, missing),
    p99: tally.quantile(0.99, missing),
    driverShare: (user + system) / 1e6 / took,
  };

  function sayNext(): void {
    const place = sent % senders.length;
    const { member, number } = senders[place] as { member: Member; number: number };
    const stamped = sent % stampEvery === 0;
    member.say(composeText(began + (sent / rate) * 1_000, number, sent, stamped));
    const hearers = audience.get(member.seat.room) ?? 0;
    due += hearers;
    if (stamped) stampedDue += hearers;
    sent++;
  }
}

/** @returns `count` members, evenly from all of the room, with their numbers. */
function spread(
  members: Member[],
  count: number,
  room: string | undefined,
): { member: Member; number: number }[] {
  const all = members
    .map((member, number) => ({ member, number }))
    .filter(({ member }) => room === undefined || member.seat.room === room);
  const taken = Math.min(count, all.length);
  return Array.from({ length: taken }, (_, index) => all[Math.floor((index * all.length) / taken)]).filter(
    (each) => each !== undefined,
  );
}
