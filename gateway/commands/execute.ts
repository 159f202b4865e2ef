/** Executes a command by the functions that execute what people ask for. Owns where a bot may act, not how it is done. */

import type { Command } from "../../shared/kafka-commands.ts";
import type { RoomLogStore } from "../../shared/server/redis/room-log-store.ts";
import { Refusal } from "../errors.ts";
import type { Announce } from "../messages/announce.ts";
import type { Deletions } from "../messages/delete.ts";
import type { Messages } from "../messages/send.ts";
import type { IsFirst, Moderation } from "../moderation/moderation.ts";
import type { Effect } from "./answer.ts";

export type Execution = ReturnType<typeof createExecution>;
export type ExecutionDeps = {
  /** Not bound by the rates of people. */
  messages: Pick<Messages, "send">;
  deletions: Pick<Deletions, "delete">;
  announce: Announce;
  moderation: Pick<Moderation, "mute" | "ban">;
  rooms: {
    mayWrite: (userId: string, room: string) => true | Promise<boolean>;
    /** @throws Refusal `room_archived`. */
    exists: (room: string) => Promise<boolean>;
  };
  scripts: Pick<RoomLogStore, "findSeq">;
};

export function createExecution(deps: ExecutionDeps) {
  const { messages, deletions, announce, moderation, rooms, scripts } = deps;
  return { execute, findEffect };

  /**
   * Safe to repeat, for as long as Redis remembers client ids.
   * @param isFirst of an effect in PostgreSQL.
   * @throws Refusal; Unavailable with an unknown outcome.
   */
  async function execute(bot: string, command: Command, isFirst: IsFirst): Promise<Effect> {
    if (command.type === "mute" || command.type === "ban") {
      const { user, type: _, id: __, expires: ___, ...body } = command;
      if (command.type === "mute")
        await moderation.mute(bot, user, { ...body, untilMs: command.untilMs }, isFirst);
      else await moderation.ban(bot, user, body, isFirst);
      return {};
    }
    const { room } = command;
    await requireRoom(bot, room);
    const place = { userId: bot, room, clientId: command.id };
    if (command.type === "send") {
      const { text, mentions, replyTo } = command;
      return { room, seq: (await messages.send({ ...place, text, mentions, replyTo })).seq };
    }
    if (command.type === "delete")
      return { room, seq: (await deletions.delete({ ...place, seq: command.seq })).seq };
    return { room, seq: (await announce({ ...place, text: command.text })).seq };
  }

  /** @returns the event that a command made, as far as Redis remembers. @throws Unavailable. */
  async function findEffect(bot: string, command: Command): Promise<Effect | undefined> {
    if (command.type === "mute" || command.type === "ban") return undefined;
    const { room, id } = command;
    const seq = await scripts.findSeq(room, bot, id);
    return seq === undefined ? undefined : { room, seq };
  }

  /** A private room is open to a bot that is a member of it. @throws Refusal `no_such_room`, `room_archived`; Unavailable. */
  async function requireRoom(bot: string, room: string): Promise<void> {
    if (!(await rooms.mayWrite(bot, room)) || !(await rooms.exists(room))) throw new Refusal("no_such_room");
  }
}
