/**
 * Decides on a record of the topic of commands before anything is done: whether a key signed it, whether it has the form of a command,
 * and whether it is in time. Pure; every record gets an answer or is a command.
 */

import type { Answer, AnswerCode, Command } from "../../shared/kafka-commands.ts";
import { COMMAND_HEADERS, isSigned } from "../../shared/server/identity/command-signature.ts";
import type { StoredRecord } from "../../shared/server/kafka/records.ts";
import type { CommandKey } from "../../shared/server/process/kafka-settings.ts";
import { detailOf } from "./answer.ts";
import { COMMAND_BYTES, idOf, readCommand } from "./command.ts";

/** A command may not be valid for longer, so that the ids to remember are bounded. */
const AHEAD_MS = 86_400_000;

export type Received =
  /** `record`: its place, for the answer. `isLate`: it is not to be executed, but may have been. */
  | { ok: true; key: CommandKey; command: Command; record: string; isLate: boolean }
  | { ok: false; answer: Answer };

/** @param now ms since the epoch. */
export function receive(
  { partition, offset, value, headers }: StoredRecord,
  keys: readonly CommandKey[],
  now: number,
): Received {
  const record = `${partition}/${offset}`;
  if (value === undefined) return refused("malformed", "has no value");
  if (value.length > COMMAND_BYTES)
    return refused("too_large", `has ${value.length} bytes, and ${COMMAND_BYTES} are allowed`);
  const key = keys.find(({ name }) => name === headers[COMMAND_HEADERS.key]);
  if (!key || !isSigned(key.secret, value, headers[COMMAND_HEADERS.signature]))
    return refused("forged", "is not signed by a key of this cluster", { id: idOf(value) });
  const read = readCommand(value);
  if (!read.ok) return refused("malformed", read.detail, { id: read.id, key: key.name });
  const { command } = read;
  if (command.expires > now + AHEAD_MS)
    return refused("expires_too_late", "ends more than a day from now", { id: command.id, key: key.name });
  return { ok: true, key, command, record, isLate: command.expires <= now };

  function refused(
    code: AnswerCode,
    detail: string,
    { id, key: name }: { id?: string | undefined; key?: string } = {},
  ): Received {
    const by = { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { key: name }) };
    return { ok: false, answer: { ...by, record, ok: false, code, detail: detailOf(detail) } };
  }
}
