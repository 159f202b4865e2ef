/**
 * Steady chat: each virtual user joins a room, writes at an even pace, and checks all it hears.
 * `npm run load` gives it what it needs: BASE_URL, TOKENS (a file of minted users), and optionally VUS, DURATION_S, PACE_S, ROOM.
 */
import { check } from "k6";
import { SharedArray } from "k6/data";
import exec from "k6/execution";
import { Counter, Trend } from "k6/metrics";
import type { Options } from "k6/options";
import { clearInterval, setInterval, setTimeout } from "k6/timers";
import { WebSocket } from "k6/websockets";
import type { ClientFrame } from "../../shared/client-frames.ts";
import { LOBBY, PROTOCOL_VERSION } from "../../shared/limits.ts";
import type { Joined, MessageEvent, ServerFrame } from "../../shared/server-frames.ts";

const vus = Number(__ENV.VUS ?? 20);
const durationS = Number(__ENV.DURATION_S ?? 30);
/** Between two messages of one user: below the rate that a cluster with limits on allows. */
const paceMs = Number(__ENV.PACE_S ?? 2) * 1_000;
const room = __ENV.ROOM ?? LOBBY;
const url = `${(__ENV.BASE_URL ?? "http://127.0.0.1:8080").replace(/^http/, "ws")}/ws`;
/** After the last message: time for its event to come back. */
const LAST_WORDS_MS = 3_000;

const tokens = new SharedArray("tokens", () =>
  open(__ENV.TOKENS ?? "tokens.jsonl")
    .trim()
    .split("\n")
    .map((line): string => JSON.parse(line).accessToken),
);

const ackMs = new Trend("suda_ack_ms", true);
const deliveryMs = new Trend("suda_delivery_ms", true);
const heard = new Counter("suda_messages_heard");
const lost = new Counter("suda_messages_lost");
const outOfOrder = new Counter("suda_out_of_order");
const refused = new Counter("suda_refused");

export const options: Options = {
  scenarios: {
    chat: { executor: "per-vu-iterations", vus, iterations: 1, maxDuration: `${durationS + 60}s` },
  },
  thresholds: {
    checks: ["rate==1"],
    suda_messages_lost: ["count==0"],
    suda_out_of_order: ["count==0"],
    suda_refused: ["count==0"],
    suda_ack_ms: ["p(95)<500"],
    suda_delivery_ms: ["p(95)<500", "p(99)<1000"],
  },
};

export default function chat(): void {
  const token = tokens[exec.vu.idInTest - 1] ?? "";
  const socket = new WebSocket(url);
  const say = (frame: ClientFrame): void => socket.send(JSON.stringify(frame));
  const sent = new Map<string, number>();
  const awaited = new Set<string>();
  let seq = -1;
  let done = false;

  socket.onopen = () => {
    say({ type: "hello", v: PROTOCOL_VERSION, token });
    say({ type: "join", room });
  };

  function onJoined({ head }: Joined): void {
    seq = head;
    let count = 0;
    const talking = setInterval(() => {
      const clientId = `k6-${exec.vu.idInTest}-${Date.now()}`;
      sent.set(clientId, Date.now());
      awaited.add(clientId);
      say({ type: "send", room, clientId, text: `user ${exec.vu.idInTest}, message ${++count}` });
    }, paceMs);
    setTimeout(() => {
      clearInterval(talking);
      setTimeout(() => {
        lost.add(awaited.size);
        done = true;
        socket.close();
      }, LAST_WORDS_MS);
    }, durationS * 1_000);
  }

  function onMessage(event: MessageEvent): void {
    heard.add(1);
    outOfOrder.add(event.seq === seq + 1 ? 0 : 1);
    seq = event.seq;
    const sentAt = sent.get(event.clientId);
    if (sentAt === undefined) return;
    deliveryMs.add(Date.now() - sentAt);
    awaited.delete(event.clientId);
  }

  function onFrame(frame: ServerFrame): void {
    if (frame.type === "joined") onJoined(frame);
    else if (frame.type === "message") onMessage(frame);
    else if (frame.type === "ack") ackMs.add(Date.now() - (sent.get(frame.clientId) ?? Date.now()));
    else if (frame.type === "refused") refused.add(1, { code: frame.code });
  }

  socket.onmessage = (event) => {
    const frames: ServerFrame | ServerFrame[] = JSON.parse(String(event?.data));
    for (const frame of Array.isArray(frames) ? frames : [frames]) onFrame(frame);
  };
  socket.onclose = () => {
    check(seq, { "joined the room": (head) => head >= 0 });
    check(done, { "stayed connected to the end": (ended) => ended });
  };
  socket.onerror = (event) => exec.test.fail(`socket: ${event?.error}`);
}
