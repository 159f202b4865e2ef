/**
 * Steady chat: each virtual user joins a room, sends at an even pace, and checks all received events.
 * `npm run load` sets its environment: BASE_URL, TOKENS (a file of minted users), and optionally VUS, DURATION_S,
 * PACE_S, ROOM.
 */
import { check } from "k6";
import { SharedArray } from "k6/data";
import exec from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import type { Options } from "k6/options";
import { clearInterval, clearTimeout, setInterval, setTimeout } from "k6/timers";
import { WebSocket } from "k6/websockets";
import type { ClientFrame } from "../../shared/client-frames.ts";
import { LOBBY, PROTOCOL_VERSION } from "../../shared/limits.ts";
import type { Ack, Joined, MessageEvent, RefusedFrame, ServerFrame } from "../../shared/server-frames.ts";
import { type LoadPlan, thresholdsFor } from "./thresholds.ts";

const plan: LoadPlan = {
  vus: Number(__ENV.VUS ?? 20),
  durationS: Number(__ENV.DURATION_S ?? 30),
  /** The pause between two messages of one user. Slower than the limits of a cluster allow. */
  paceMs: Number(__ENV.PACE_S ?? 2) * 1_000,
};
const { vus, durationS, paceMs } = plan;
const room = __ENV.ROOM ?? LOBBY;
const url = `${(__ENV.BASE_URL ?? "http://127.0.0.1:8080").replace(/^http/, "ws")}/ws`;
/** The time after the last message for its event to arrive. */
const LAST_WORDS_MS = 3_000;
/** The time limit of a join. */
const JOIN_WITHIN_MS = 10_000;

const tokens = new SharedArray("tokens", () =>
  open(__ENV.TOKENS ?? "tokens.jsonl")
    .trim()
    .split("\n")
    .map((line): string => JSON.parse(line).accessToken),
);

const ackMs = new Trend("suda_ack_ms", true);
const deliveryMs = new Trend("suda_delivery_ms", true);
const joined = new Counter("suda_joined");
const sent = new Counter("suda_messages_sent");
const acknowledged = new Counter("suda_messages_acknowledged");
const unacknowledged = new Counter("suda_messages_unacknowledged");
const heard = new Counter("suda_messages_heard");
const lost = new Counter("suda_messages_lost");
const outOfOrder = new Counter("suda_out_of_order");
const refused = new Counter("suda_refused");
const COUNTERS = [joined, sent, acknowledged, unacknowledged, heard, lost, outOfOrder, refused];

export const options: Options = {
  scenarios: {
    chat: {
      executor: "per-vu-iterations",
      vus,
      iterations: 1,
      maxDuration: `${durationS + 60}s`,
    },
  },
  thresholds: thresholdsFor(plan),
};

/** Sets all counters to 0, because k6 skips thresholds of counters without a value. */
export function setup(): void {
  for (const counter of COUNTERS) counter.add(0);
}

export default function chat(): void {
  const token = tokens[exec.vu.idInTest - 1] ?? "";
  const socket = new WebSocket(url);
  const say = (frame: ClientFrame): void => socket.send(JSON.stringify(frame));
  const sentAt = new Map<string, number>();
  const missing = new Set<string>();
  const unanswered = new Set<string>();
  const timers: number[] = [];
  let talking: number | undefined;
  let seq = -1;
  let done = false;

  const joining = setTimeout(() => socket.close(), JOIN_WITHIN_MS);
  socket.onopen = () => {
    say({ type: "hello", v: PROTOCOL_VERSION, kinds: "all", token });
    say({ type: "join", room });
  };

  function talk(count: number): void {
    const clientId = `k6-${exec.vu.idInTest}-${Date.now()}`;
    sentAt.set(clientId, Date.now());
    missing.add(clientId);
    unanswered.add(clientId);
    sent.add(1);
    say({ type: "send", room, clientId, text: `user ${exec.vu.idInTest}, message ${count}` });
  }

  function onJoined({ head }: Joined): void {
    seq = head;
    // A repeated `joined`, as after a gap: the user already sends.
    if (talking !== undefined) return;
    joined.add(1);
    clearTimeout(joining);
    let count = 0;
    talking = setInterval(() => talk(++count), paceMs);
    timers.push(
      setTimeout(() => clearInterval(talking as number), durationS * 1_000),
      setTimeout(
        () => {
          done = true;
          socket.close();
        },
        durationS * 1_000 + LAST_WORDS_MS,
      ),
    );
  }

  function onMessage(event: MessageEvent): void {
    heard.add(1);
    outOfOrder.add(event.seq === seq + 1 ? 0 : 1);
    seq = event.seq;
    const at = sentAt.get(event.clientId);
    if (at === undefined) return;
    deliveryMs.add(Date.now() - at);
    missing.delete(event.clientId);
  }

  function onAck({ clientId }: Ack): void {
    if (!unanswered.delete(clientId)) return;
    acknowledged.add(1);
    ackMs.add(Date.now() - (sentAt.get(clientId) ?? Date.now()));
  }

  function onRefused({ code }: RefusedFrame): void {
    refused.add(1, { code });
    if (code === "no_such_room") exec.test.abort(`there is no room ${room}`);
  }

  function onFrame(frame: ServerFrame): void {
    if (frame.type === "joined") onJoined(frame);
    else if (frame.type === "message") onMessage(frame);
    else if (frame.type === "deleted" || frame.type === "removed" || frame.type === "notice") seq = frame.seq;
    else if (frame.type === "ack") onAck(frame);
    else if (frame.type === "refused") onRefused(frame);
  }

  socket.onmessage = (event) => {
    const frames: ServerFrame | ServerFrame[] = JSON.parse(String(event?.data));
    for (const frame of Array.isArray(frames) ? frames : [frames]) onFrame(frame);
  };
  socket.onclose = () => {
    clearTimeout(joining);
    if (talking !== undefined) clearInterval(talking);
    for (const timer of timers) clearTimeout(timer);
    lost.add(missing.size);
    unacknowledged.add(unanswered.size);
    check(seq, { "joined the room": (head) => head >= 0 });
    check(done, { "stayed connected to the end": (ended) => ended });
  };
  socket.onerror = (event) => exec.test.fail(`socket: ${event?.error}`);
}
