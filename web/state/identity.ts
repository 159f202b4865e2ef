/** The session and the HTTP requests, which need each other, and the server clock that both read. */
import { createApi } from "../sync/api.ts";
import type { Clock } from "../sync/clock.ts";
import { createServerTime } from "../sync/server-time.ts";
import type { Store } from "../sync/storage.ts";
import { browserTabs } from "../sync/tabs.ts";
import { createSession, type SessionDeps } from "./session.ts";

export type IdentityDeps = { clock: Clock; store: Store; fetch: typeof fetch };

/** @param changes called from when the session changes for the first time, not before. */
export function createIdentity(
  { clock, store, fetch }: IdentityDeps,
  changes: Pick<SessionDeps, "userChanged" | "tokenRenewed">,
) {
  const serverTime = createServerTime(clock.now);
  const api = createApi({
    fetch,
    token: () => session.accessToken(),
    freshToken: () => session.token(),
    sawServerTime: serverTime.observe,
  });
  const session = createSession({
    api,
    clock,
    store,
    serverNow: serverTime.now,
    tabs: browserTabs,
    ...changes,
  });

  return { serverTime, api, session };
}
