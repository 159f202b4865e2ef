/** The attacks of the fuzzer: each sends something to a target and checks the reaction. */
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { LOBBY } from "../shared/limits.ts";
import { brokenFrames, brokenRequests, inFragments } from "./fuzz-bytes.ts";
import { answerFault, type Callers, calls } from "./fuzz-calls.ts";
import { type Effect, effectsOf, frameTexts } from "./fuzz-frames.ts";
import { connect } from "./support/client.ts";
import { rawFrame, rawLine, rawUpgrade } from "./support/raw-socket.ts";

export type Target = {
  /** The address of nginx or of a gateway. */
  url: string;
  /** The access token of the attacker on WebSockets. */
  token: string;
  /** The users who call the API. */
  callers: Callers;
  /** Called with every possible effect of an attack, before it is sent. */
  expect: (effects: Effect[]) => void;
  /** Called for every acknowledged message. */
  acked: (clientId: string, seq: number) => void;
};

/** Connections are abandoned open after this; a gateway must not depend on their close. */
const PATIENCE_MS = 120;
const TEXT = 1;

export const attacks = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("frames"), texts: fc.array(frameTexts, { maxLength: 12 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("bytes"), sent: brokenFrames }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("fragments"), id: fc.stringMatching(/^[a-z0-9]{12}$/) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("request"), bytes: brokenRequests }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("call"), call: calls }) },
);
export type Attack = typeof attacks extends fc.Arbitrary<infer T> ? T : never;

/** @returns a description of the fault, or null. */
export function perform(attack: Attack, target: Target): Promise<string | null> {
  switch (attack.kind) {
    case "frames":
      return sendFrames(attack.texts, target);
    case "bytes":
      return sendBytes(attack.sent, target);
    case "fragments":
      return sendFragments(attack.id, target);
    case "request":
      return sendRequest(attack.bytes, target);
    case "call":
      return answerFault(target.url, target.callers, attack.call);
  }
}

const greeting = (token: string): string =>
  JSON.stringify([
    { type: "hello", v: 1, token },
    { type: "join", room: LOBBY },
  ]);

async function sendFrames(texts: string[], { url, token, expect, acked }: Target): Promise<null> {
  const client = await connect(url);
  client.raw(greeting(token));
  for (const text of texts) {
    expect(effectsOf(text));
    client.raw(text);
  }
  client.say({ type: "ping", id: "the end" });
  await client.until(
    "an answer or the end",
    () => client.closed !== null || client.all("pong").some(({ id }) => id === "the end"),
  );
  for (const { room, clientId, seq } of client.all("ack")) if (room === LOBBY) acked(clientId, seq);
  client.close();
  return null;
}

async function sendBytes(
  { greets, writes }: { greets: boolean; writes: Buffer[] },
  { url, token }: Target,
): Promise<string | null> {
  const line = await rawUpgrade(url);
  if (line.status !== 101) return `an upgrade was answered ${line.status}`;
  if (greets) line.write(rawFrame({ opcode: TEXT, payload: Buffer.from(greeting(token)) }));
  for (const bytes of writes) line.write(bytes);
  await Promise.race([line.ended, delay(PATIENCE_MS)]);
  line.cut();
  return null;
}

/** Valid, though unusual: shows that valid frames written byte by byte are accepted. */
async function sendFragments(id: string, { url, token, expect, acked }: Target): Promise<string | null> {
  const line = await rawUpgrade(url);
  const said = JSON.stringify({ type: "send", room: LOBBY, clientId: `pieces-${id}`, text: id });
  expect(effectsOf(said));
  const answers: string[] = [];
  const found = new Promise<number>((resolve) => {
    line.socket.on("data", (data) => {
      answers.push(data.toString("latin1"));
      const ack = new RegExp(`"clientId":"pieces-${id}","seq":(\\d+)`).exec(answers.join(""));
      if (ack) resolve(Number(ack[1]));
    });
  });
  line.write(inFragments(Buffer.from(greeting(token))));
  line.write(inFragments(Buffer.from(said)));
  const seq = await Promise.race([found, line.ended.then(() => null), delay(10_000).then(() => null)]);
  line.cut();
  if (seq === null) return `a message in two fragments was not acknowledged: ${answers.join("").slice(-200)}`;
  acked(`pieces-${id}`, seq);
  return null;
}

async function sendRequest(bytes: Buffer, { url }: Target): Promise<null> {
  const line = rawLine(url);
  line.socket.resume();
  line.write(bytes);
  await Promise.race([line.ended, delay(PATIENCE_MS)]);
  line.cut();
  return null;
}
