/** A small run of the checker: two gateways that may be broken, members who send at both, a worker, and the verdict. */
import { setTimeout as wait } from "node:timers/promises";
import { Refusal } from "../../gateway/errors.ts";
import { type Attempt, newAttempt, textOf } from "../../load-tests/faults/client/journal.ts";
import { type Asked, createReceivedLog } from "../../load-tests/faults/client/received-log.ts";
import { createSentLog } from "../../load-tests/faults/client/sent-log.ts";
import { judge, type Verdict } from "../../load-tests/faults/judge/judge.ts";
import { readRows } from "../../load-tests/queries.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { Joined, ServerFrame } from "../../shared/server-frames.ts";
import { archiveRest } from "../../worker/archive.ts";
import { AUTHOR, openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { type Broken, type Gateway, openGateway } from "./broken-gateway.ts";

export type Run = {
  environment: TestEnvironment;
  gateways: [Gateway, Gateway];
  /** Each member sends one message per round; resolves when all have an answer. */
  talk: (rounds: number) => Promise<void>;
  /** Every member joins again from their position, once they have received everything or the wait is over. */
  rejoin: () => Promise<void>;
  /** Makes the worker write the pending events. */
  archive: () => Promise<void>;
};
export type Play = (run: Run) => Promise<void>;

const MEMBERS = 4;
const RETRY_MS = 30;
/** After this time without a change, nothing more is expected. */
const PATIENCE_MS = 3_000;

type Member = Awaited<ReturnType<typeof openMember>>;

async function openMember(index: number, room: string, gateways: Gateway[]) {
  const [gateway] = gateways;
  if (!gateway) throw new Error("no gateway");
  const receivedLog = createReceivedLog(`member ${index}`);
  const sentLog = createSentLog();

  const send = async (attempt: Attempt, at: Gateway): Promise<void> => {
    const { clientId, text } = attempt;
    for (;;) {
      try {
        attempt.writes.push(index);
        const { seq } = await at.messages.send({ userId: AUTHOR.id, room, clientId, text });
        return sentLog.acknowledged({ type: "ack", room, clientId, seq }, performance.now());
      } catch (error) {
        if (!(error instanceof Unavailable) && !(error instanceof Refusal)) throw error;
        await wait(RETRY_MS);
      }
    }
  };
  const resend = (): void => {
    for (const attempt of sentLog.due(index)) void send(attempt, gateway);
  };
  const hear = (frame: ServerFrame): void => {
    if (frame.type === "joined" && heardJoined(frame)) {
      sentLog.renew();
      resend();
    } else if (frame.type === "message" && !receivedLog.event(frame)) void join(gateway);
  };
  let asked: Asked | undefined;
  const heardJoined = (frame: Joined): boolean => {
    const answered = asked;
    asked = undefined;
    return receivedLog.joined(frame, answered);
  };
  const join = (at: Gateway): Promise<void> => {
    const since = receivedLog.position();
    asked = { at: performance.now(), since: since?.seq };
    return at.enter(room, hear, since);
  };
  await join(gateway);

  return {
    sentLog,
    receivedLog,
    /** Joins again, like a client that reconnects. */
    join: () => join(gateway),
    /** Sends the message at every gateway at once if `times` is 2, like a client whose acknowledgement was lost. */
    async say(clientId: string, times: number): Promise<void> {
      const attempt = newAttempt({ clientId, sender: index, text: textOf(clientId), target: undefined });
      sentLog.add(attempt);
      await Promise.all(gateways.slice(0, times).map((at) => send(attempt, at)));
    },
  };
}

/**
 * @param options `times`: how often each message is sent. `redisProgram` and `postgres`: as for the test environment.
 * @returns the verdict of the checker.
 */
export async function playBroken(
  broken: Broken,
  play: Play,
  { times = 1, redisProgram, postgres }: { times?: number; redisProgram?: string; postgres?: string } = {},
): Promise<Verdict> {
  const environment = await openTestEnvironment({ redisProgram, postgres });
  const room = "room";
  await environment.addRoom(room);
  const gateways: [Gateway, Gateway] = [
    await openGateway(environment, broken),
    await openGateway(environment, broken),
  ];
  try {
    const members: Member[] = [];
    for (let index = 0; index < MEMBERS; index++)
      members.push(await openMember(index, room, index % 2 ? gateways : gateways.toReversed()));
    let said = 0;
    const talk = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++)
        await Promise.all(members.map((member) => member.say(`m${said++}`, times)));
    };
    const archive = (): Promise<void> => archiveRest(environment.deps, PATIENCE_MS);
    const rejoin = async (): Promise<void> => {
      await settle(members, 1);
      await Promise.all(members.map((member) => member.join()));
    };
    await play({ environment, gateways, talk, rejoin, archive });
    await settle(members);
    await archive();
    const rows = await readRows(environment.database.url, room);
    return judge({
      attempts: members.flatMap(({ sentLog }) => sentLog.attempts),
      receivers: members.map(({ receivedLog }) => receivedLog.receiver),
      history: rows,
      rows,
      deletions: [],
    });
  } finally {
    for (const gateway of gateways) gateway.close();
    await environment.close();
  }
}

/** Waits until all messages are answered and all members have the same position, or nothing more is expected. */
async function settle(members: Member[], looks = 10): Promise<void> {
  const isSettled = (): boolean => {
    const front = Math.max(...members.map(({ receivedLog }) => receivedLog.seq()));
    return members.every(
      ({ sentLog, receivedLog }) => sentLog.pending() === 0 && receivedLog.seq() === front,
    );
  };
  let quiet = 0;
  for (
    const end = performance.now() + PATIENCE_MS;
    performance.now() < end && quiet < looks;
    await wait(RETRY_MS)
  )
    quiet = isSettled() ? quiet + 1 : 0;
}
