/** Figures that others have published of their own systems, as scenarios. */
import { fanOutOf, joinsOf, latencyOf, loadOf } from "../figures.ts";
import type { Scenario } from "../scenario.ts";

const OPEN_CHAT = { people: 5_000, rate: 300, senders: 50 };
const ARRIVALS = 2_000;
const PER_MINUTE = { rooms: 50, people: 100 };
const MINUTE_S = 60;

export const openChat: Scenario = {
  name: "open-chat",
  about: `one room of ${OPEN_CHAT.people} at ${OPEN_CHAT.rate} messages/s, as LINE tells of its open chat`,
  async run({ scaled, seat, talk, warmUpSeconds }) {
    const { people, rate, senders } = OPEN_CHAT;
    await seat(Array.from({ length: scaled(people) }, () => "open"));
    await talk({ rate: rate / 10, senders, seconds: warmUpSeconds, stampEvery: 1 });
    const measured = await talk({ rate, senders, stampEvery: 8 });
    return [
      ...fanOutOf(measured, `at ${rate}/s`),
      [`% of messages acknowledged at ${rate}/s`, (measured.acknowledged / measured.sent) * 100],
    ];
  },
};

export const arrival: Scenario = {
  name: "arrival",
  about: `${ARRIVALS} people arrive at one node within a second, in rooms of 100, as Kakao tells of its gateways`,
  async run({ scaled, seat }) {
    const people = scaled(ARRIVALS);
    // The first arrivals also load code.
    await seat(["arrival-0", "arrival-0"], { onOneNode: true });
    const rooms = Array.from({ length: people }, (_, index) => `arrival-${index % Math.ceil(people / 100)}`);
    const joined = await seat(rooms, { onOneNode: true, pace: { perSecond: people } });
    return [["s until all have joined", joined.seconds], ...joinsOf(joined, "on arrival")];
  },
};

export const perMinute: Scenario = {
  name: "per-minute",
  about: `${PER_MINUTE.rooms} rooms of ${PER_MINUTE.people}, everyone says one thing a minute, as in Supabase's benchmarks`,
  async run({ scaled, seat, talk, warmUpSeconds }) {
    const rooms = scaled(PER_MINUTE.rooms);
    const sockets = rooms * PER_MINUTE.people;
    await seat(Array.from({ length: sockets }, (_, index) => `minute-${index % rooms}`));
    const order = { rate: sockets / MINUTE_S, senders: sockets, stampEvery: 1 };
    await talk({ ...order, seconds: warmUpSeconds });
    const measured = await talk(order);
    const when = `with ${sockets} sockets`;
    return [...latencyOf(measured, when), ...loadOf(measured.cpu, when, measured.seconds)];
  },
};
