/** SQL of the accounts of bots, which have neither an address nor a password. */
import type { Db } from "../../shared/server/postgres/pool.ts";
import type { PublicUser } from "../../shared/server-frames.ts";
import type { Nickname } from "./nickname.ts";

export type BotQueries = ReturnType<typeof createBotQueries>;

export function createBotQueries(db: Db) {
  return {
    /** Nothing happens when the account is there, or when another one has a nickname that reads or looks the same. */
    async add({ id, role }: Pick<PublicUser, "id" | "role">, name: Nickname): Promise<void> {
      await db`
        insert into users (id, nickname, nickname_key, nickname_skeleton, role)
        values (${id}, ${name.nickname}, ${name.key}, ${name.skeleton}, ${role})
        on conflict do nothing`;
    },

    async findRole(id: string): Promise<PublicUser["role"] | undefined> {
      const [row] = await db<Pick<PublicUser, "role">[]>`select role from users where id = ${id}`;
      return row?.role;
    },
  };
}
