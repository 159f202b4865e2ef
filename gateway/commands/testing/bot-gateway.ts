/** A gateway that takes commands, for tests: on a real Redis and PostgreSQL, with records as they come from Kafka. */

import type { Answer } from "../../../shared/kafka-commands.ts";
import { signCommand } from "../../../shared/server/identity/command-signature.ts";
import type { StoredRecord } from "../../../shared/server/kafka/records.ts";
import type { CommandKey } from "../../../shared/server/process/kafka-settings.ts";
import { createLog } from "../../../shared/server/process/logger.ts";
import { openRoomLogStore } from "../../../shared/server/redis/room-log-store.ts";
import type { RoomEvent } from "../../../shared/server-frames.ts";
import { createBotQueries } from "../../accounts/bot-queries.ts";
import { createBots } from "../../accounts/bots.ts";
import { createAnnounce } from "../../messages/announce.ts";
import { createDeletions } from "../../messages/delete.ts";
import { createMessages } from "../../messages/send.ts";
import { createModeration } from "../../moderation/moderation.ts";
import { createRecovery } from "../../recovery/recover-room.ts";
import type { HeldArchive, HeldRoom } from "../../recovery/recovery-queries.ts";
import { createRoomLog } from "../../room-log/room-log.ts";
import { openPeople } from "../../testing/people.ts";
import { type CommandStore, createCommandStore } from "../command-store.ts";
import { createExecution, type Execution } from "../execute.ts";
import { createSettle } from "../settle.ts";
import { createTake } from "../take.ts";

export type BotTest = Awaited<ReturnType<typeof openBotTest>>;
/** Parts of a gateway that a test replaces. */
type Changed = {
  store?: Partial<CommandStore>;
  execution?: Partial<Execution>;
  now?: () => number;
  keys?: readonly CommandKey[];
};

export const TOPIC = "suda.commands";
const secret = (letter: string): string => letter.repeat(32);
export const KEYS: readonly CommandKey[] = [
  { name: "dicebot", role: "user", secret: secret("a") },
  { name: "guardbot", role: "moderator", secret: secret("b") },
  { name: "chiefbot", role: "admin", secret: secret("c") },
];
const LOG = createLog("commands", "silent");
const MESSAGE_CHARS = 30;

export async function openBotTest() {
  const people = await openPeople();
  const { sql, keys } = people;
  const gateway = await people.gateway();
  const scripts = openRoomLogStore(gateway.redis, keys, { events: 500, ms: 120_000, bytes: 8 << 20 });
  const log = createRoomLog(scripts, createTestRecovery(scripts));
  const bots = createBots({ queries: createBotQueries(sql), changeUser: gateway.changeUser });
  for (const { name, role } of KEYS) await bots.ensure(name, role);
  /** The calls that would tell other gateways of people. */
  const notified: unknown[][] = [];
  let offset = 0n;

  return {
    ...{ people, sql, bots, gateway, scripts, log, notified },

    /** The records of these commands, as the topic has them from now on. */
    records: (...commands: (object | string)[]): StoredRecord[] =>
      commands.map((command) => recordOf(command, KEYS[0] as CommandKey)),
    signedBy: (name: string, ...commands: object[]): StoredRecord[] =>
      commands.map((command) => recordOf(command, KEYS.find((key) => key.name === name) as CommandKey)),

    /** A gateway that takes over from what PostgreSQL has. Its faults end up in `faults`. */
    async gatewayWith({ store: ownStore, execution: ownExecution, now, keys: ownKeys = KEYS }: Changed = {}) {
      const store = { ...createCommandStore(sql, TOPIC), ...ownStore };
      const execution = { ...createExecution(executionDeps()), ...ownExecution };
      const answers: Answer[] = [];
      const faults: unknown[] = [];
      const onInternalError = (error: unknown): string => `fault-${faults.push(error)}`;
      const clock = now ? { now } : {};
      const settle = createSettle({ store, execution, botOf: bots.idOf, onInternalError, ...clock });
      const onAnswer = (answer: Answer): void => void answers.push(answer);
      const take = createTake(
        { keys: ownKeys, store, settle, onAnswer, onInternalError, ...clock },
        await store.readOffsets(),
      );
      const never = new AbortController().signal;
      return {
        ...{ answers, faults, store },
        take: (records: readonly StoredRecord[], signal = never) => take(records, signal),
      };
    },

    /** The answers that go to Kafka, in order. */
    async published(): Promise<(Answer & { ok: boolean })[]> {
      const rows = await sql<{ value: Answer }[]>`
        select value from kafka_outbox where topic = 'command-results' order by id`;
      return rows.map(({ value }) => value);
    },

    async eventsOf(room: string): Promise<RoomEvent[]> {
      const read = await scripts.readAfter(room, 0, 1_000);
      return (read?.entries ?? []).map(({ bytes }) => JSON.parse(`${bytes}`) as RoomEvent);
    },

    async audit(): Promise<Record<string, unknown>[]> {
      return sql`select act, by_user as "by", user_id as "user", room, detail from audit order by id`;
    },

    close: people.close,
  };

  function recordOf(command: object | string, key: CommandKey): StoredRecord {
    const value = Buffer.from(typeof command === "string" ? command : JSON.stringify(command));
    const place = { topic: TOPIC, partition: 0, offset: offset++, key: undefined, at: Date.now() };
    return { ...place, value, headers: signCommand(key, value) };
  }

  function executionDeps() {
    const { users, mutes, admitBot, changeUser } = gateway;
    const moderates = ({ role }: { role: string }): boolean => role !== "user";
    return {
      messages: createMessages({
        ...{ admit: admitBot, scripts, log, messageChars: MESSAGE_CHARS, extrasOf: () => undefined },
        ...{ onRestricted: async () => undefined, onSent: () => undefined },
      }),
      deletions: createDeletions({
        ...{ users, log, moderates, queries: { find: async () => undefined } },
        sightings: { sinceMs: () => 0, countOf: () => 0 },
      }),
      announce: createAnnounce({ users, mutes, log, moderates }),
      moderation: createModeration({
        ...{
          changeUser,
          mutes,
          removeLately: async () => undefined,
          sessions: { end: async () => undefined },
        },
        control: {
          restricted: async (...news: unknown[]) => void notified.push(["restricted", ...news]),
          banned: async (...news: unknown[]) => void notified.push(["banned", ...news]),
          userChanged: async () => undefined,
        },
      }),
      rooms: { mayWrite: () => true as const, exists: async (room: string) => room !== "nowhere" },
      scripts,
    };
  }
}

/** PostgreSQL has no events of any room. */
function createTestRecovery(scripts: Parameters<typeof createRecovery>[0]["scripts"]) {
  const nothing = {
    clientIdsSince: async () => [],
    archived: async () => [],
    confirm: async () => undefined,
  };
  const queries = {
    beginEpoch: async (_: string, known: number) => (known > 0 ? known + 2_000_000 : 0),
    holdingRoom: <T>(_: string, work: (held: HeldRoom | undefined, archive: HeldArchive) => Promise<T>) =>
      work({ lastSeq: 0, bornSeq: 0, archived: false }, nothing),
  };
  return createRecovery({
    ...{ scripts, queries, logEvents: 500, log: LOG },
    ...{ memoryOf: () => undefined, onRecovered: () => undefined },
  });
}
