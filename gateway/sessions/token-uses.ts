/**
 * Records uses of access tokens: each shows that the answer with the token has arrived, so that the previous refresh
 * token is old from then on. Batched for a second and once for each token, so that continued use costs nothing.
 */

import type { VerifiedToken } from "../../shared/server/identity/access-tokens.ts";
import type { Log } from "../../shared/server/process/logger.ts";
import { Unavailable } from "../../shared/server/process/unavailable.ts";
import type { SessionQueries, TokenUse } from "./session-queries.ts";

export type TokenUses = ReturnType<typeof createTokenUses>;

const FLUSH_MS = 1_000;
/** Max uses in memory, written or waiting. */
const MAX_KNOWN = 50_000;

/** @param save writes the uses. */
export function createTokenUses(save: SessionQueries["noteUses"], log: Log) {
  const known = new Set<string>();
  let waiting: TokenUse[] = [];
  let timer: NodeJS.Timeout | undefined;

  return {
    note({ sessionId, refresh }: Pick<VerifiedToken, "sessionId" | "refresh">): void {
      if (refresh === undefined || known.has(`${sessionId}:${refresh}`)) return;
      if (known.size >= MAX_KNOWN) known.clear();
      known.add(`${sessionId}:${refresh}`);
      waiting.push({ sessionId, refresh });
      timer ??= setTimeout(() => void flush(), FLUSH_MS);
    },

    /** Writes the waiting uses. */
    async close(): Promise<void> {
      clearTimeout(timer);
      if (waiting.length > 0) await flush();
    },
  };

  async function flush(): Promise<void> {
    timer = undefined;
    const uses = waiting;
    waiting = [];
    try {
      await save(uses);
    } catch (error) {
      if (!(error instanceof Unavailable)) log.error({ err: error }, "uses of tokens could not be noted");
      // Above the max the older ones are dropped: the next refresh of their sessions shows the same.
      else waiting = [...uses, ...waiting].slice(-MAX_KNOWN);
      if (waiting.length > 0) timer ??= setTimeout(() => void flush(), FLUSH_MS);
    }
  }
}
