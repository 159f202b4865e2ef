/** Which commands were begun and answered, in PostgreSQL. Owns what is written in one transaction. */

import type { Answer, Command } from "../../shared/kafka-commands.ts";
import type { Sql, Transaction } from "../../shared/server/postgres/pool.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { type Recorded, recordAct } from "../moderation/audit.ts";
import type { Effect } from "./answer.ts";
import {
  type Begun,
  type CommandName,
  createCommandChangeQueries,
  createCommandQueries,
} from "./command-queries.ts";

export type CommandStore = ReturnType<typeof createCommandStore>;
/** `did`: of a command that was begun: its bot, and what it was. */
export type Answered = { answer: Answer; did?: { name: CommandName; bot: string; command: Command } };
/** From which offset to which one, exclusive. `from`: undefined: nothing was read before. */
export type Progress = { partition: number; from: bigint | undefined; next: bigint };

/** @param sql of the session that holds the lock of those who take commands. */
export function createCommandStore(sql: Sql, topic: string) {
  const queries = createCommandQueries(sql);

  return {
    readOffsets: (): Promise<Map<number, bigint>> => queries.readOffsets(topic),
    find: queries.find,

    /** Notes that a command is about to be executed. @returns the note of an earlier time; undefined: this is the first. */
    begin: async (name: CommandName, expires: number): Promise<Begun | undefined> =>
      (await queries.begin(name, expires)) ? undefined : queries.find(name),

    /** For the transaction of an effect. @returns whether the command was not done before. */
    markDone: (tx: Transaction, name: CommandName): Promise<boolean> =>
      createCommandChangeQueries(tx).markDone(name),

    /**
     * Writes answers, the audit of what was done, and the offset behind their commands: all of it or nothing.
     * @throws Unavailable, also when another gateway has answered them meanwhile.
     */
    async answer(answered: readonly Answered[], { partition, from, next }: Progress): Promise<void> {
      await sql.begin(async (tx) => {
        const { moveOffset, publish, keepAnswer } = createCommandChangeQueries(tx);
        if (!(await moveOffset(topic, partition, from, next)))
          throw new Unavailable("another gateway takes the commands");
        await publish(answered.map(({ answer }) => answer));
        for (const { answer, did } of answered) {
          if (!did || answer.repeated) continue;
          await keepAnswer(did.name, answer);
          if (answer.ok) await recordAct(tx, actOf(did, answer));
        }
      });
    },
  };
}

function actOf({ name, bot, command }: NonNullable<Answered["did"]>, { seq }: Effect): Recorded {
  const place = {
    ...("user" in command ? { user: command.user } : {}),
    ...("room" in command && command.room !== undefined ? { room: command.room } : {}),
    ...(seq === undefined ? {} : { seq }),
  };
  return { act: "command", by: bot, ...place, detail: { type: command.type, key: name.key, id: name.id } };
}
