/** Works out how names look that were given before this was looked at, and names given by gateways of an older release. */
import { nicknameKeys } from "../shared/server/nickname-keys.ts";
import type { Sql } from "../shared/server/postgres.ts";
import { findWithoutSkeleton, setSkeletons } from "./queries.ts";

const CHUNK = 1_000;
const FIRST = "00000000-0000-0000-0000-000000000000";

/** Safe to repeat and to race. @returns how many names were completed. */
export async function completeNicknames(sql: Sql): Promise<number> {
  let completed = 0;
  let after = FIRST;
  for (;;) {
    const users = await findWithoutSkeleton(sql, after, CHUNK);
    const last = users.at(-1);
    if (last === undefined) return completed;
    const names = users.map(({ id, nickname }) => ({ id, skeleton: nicknameKeys(nickname).skeleton }));
    completed += await setSkeletons(sql, names);
    after = last.id;
  }
}
