/** Keeps the tabs of one browser in one session, because they share one refresh cookie. Does not own the session. */
import type { EndReason, SessionAnswer } from "../../shared/http-api.ts";
import { SITE } from "./urls.ts";

const SESSION = `${SITE}-session`;

/** Why the session ended although nobody here ended it; `unknown`: the server does not know either. */
export type LoggedOut = EndReason | "unknown";

/** `because`: the cluster ended the session; without it the person did. */
export type TabMessage = { type: "session"; answer: SessionAnswer } | { type: "gone"; because?: LoggedOut };

export type Tabs = {
  /** Runs `work` in one tab at a time, because two refreshes at once would look like a stolen cookie. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  post(message: TabMessage): void;
};

/**
 * The tabs of this browser, connected by a broadcast channel and a web lock. Where the browser has no locks (a page
 * without TLS on another machine) or gives none (cookies are blocked) each tab goes ahead alone.
 */
export function browserTabs(received: (message: TabMessage) => void): Tabs {
  const channel = new BroadcastChannel(SESSION);
  channel.onmessage = (message) => received(message.data);
  return {
    post: (message) => channel.postMessage(message),
    alone,
  };
}

async function alone<T>(work: () => Promise<T>): Promise<T> {
  let begun = false;
  try {
    return navigator.locks ? await navigator.locks.request(SESSION, begin) : await begin();
  } catch (error) {
    if (begun) throw error;
    return await begin();
  }

  function begin(): Promise<T> {
    begun = true;
    return work();
  }
}
