/** The names of users whom a message mentions: those that Redis has, and of the others those that one query at a time finds. */
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import { createGroupCommit } from "../../shared/server/redis/group-commit.ts";
import { isUuid } from "../id.ts";

type Named = { id: string; nickname: string };
type Sources = {
  /** The state of a user in Redis. */
  cached: (id: string) => Promise<{ nickname: string } | undefined>;
  /** The users that PostgreSQL has. */
  listByIds: (ids: string[]) => Promise<Named[]>;
};
const ID_BYTES = 40;

export function createMentionNames({ cached, listByIds }: Sources) {
  const inArchive = createGroupCommit(findAll, () => ID_BYTES, { sheds: true });

  /** @returns the existing ones; during an outage of PostgreSQL those that Redis has. @throws Unavailable without Redis. */
  return async (ids: string[]): Promise<Named[]> => {
    const found = await Promise.all([...new Set(ids)].filter(isUuid).map(find));
    return found.filter((user) => user !== undefined);
  };

  async function find(id: string): Promise<Named | undefined> {
    const known = await cached(id);
    if (known) return { id, nickname: known.nickname };
    try {
      return await inArchive(id);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return undefined;
    }
  }

  async function findAll(ids: string[]): Promise<(Named | undefined)[]> {
    const found = new Map((await listByIds([...new Set(ids)])).map((user) => [user.id, user]));
    return ids.map((id) => found.get(id));
  }
}
