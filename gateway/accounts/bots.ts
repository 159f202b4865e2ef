/** The accounts of bots: one for each key of commands, which nobody logs in to. */
import { createHash } from "node:crypto";
import { Refused } from "../../shared/server/process/refused.ts";
import type { Role } from "../../shared/server-frames.ts";
import type { BotQueries } from "./bot-queries.ts";
import { checkNickname } from "./nickname.ts";
import type { ChangeUser } from "./user-changes.ts";

type BotsDeps = { queries: BotQueries; changeUser: ChangeUser };

/**
 * @returns the id of the bot of this name, the same in every process and every cluster. A UUID of version 8, which tells no time, so that
 * no bot counts as a young account.
 */
function botId(name: string): string {
  const hex = createHash("sha256").update(`suda bot ${name}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

export function createBots({ queries, changeUser }: BotsDeps) {
  return {
    idOf: botId,

    /**
     * Makes the account with this nickname, or gives it the role if it has another one.
     * @throws Refused when the name is no nickname, or is somebody else's; Unavailable.
     */
    async ensure(name: string, role: Role): Promise<void> {
      const checked = checkNickname(name);
      if (!checked.ok) throw wrongName(name, "may not be a nickname");
      const id = botId(name);
      await queries.add({ id, role }, checked.value);
      const found = await queries.findRole(id);
      if (found === undefined) throw wrongName(name, "is the nickname of a person, or looks like one");
      if (found !== role) await changeUser(id, (change) => change.setRole(role));
    },
  };
}

const wrongName = (name: string, why: string): Refused =>
  new Refused(`SUDA_KAFKA_COMMAND_KEYS: ${name} ${why}: give the key another name`);
