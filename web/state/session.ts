/**
 * The session of this page. The access token is in memory only; the refresh cookie, which scripts cannot read, renews it after a
 * reload and before it expires. All tabs of the browser follow each other.
 */
import { computed, signal } from "@preact/signals";
import type { EndReason, LoginBody, SessionAnswer, SignupBody } from "../../shared/http-api.ts";
import type { Ban, OwnUser } from "../../shared/server-frames.ts";
import { MIN_LIFE_MS, REFRESH_RETRY_MS, RENEW_BEFORE_MS } from "../../shared/timeouts.ts";
import type { Api, ApiProblem } from "../sync/api.ts";
import type { Cancel, Clock } from "../sync/clock.ts";
import { GUEST, likelyOwner, SOMEBODY, type Store } from "../sync/storage.ts";
import type { LoggedOut, TabMessage, Tabs } from "../sync/tabs.ts";
import { createCountdown } from "./countdown.ts";

const END_REASONS: ReadonlySet<string> = new Set<EndReason>(["ended", "expired", "reused", "crowded"]);
/** A server of another release may send reasons that this page has no sentence for. */
const isEndReason = (reason: string | undefined): reason is EndReason =>
  reason !== undefined && END_REASONS.has(reason);

/** `unknown`: a session may exist and the server was not reached yet. */
export type SessionState =
  | { at: "unknown" }
  /** `because`: why the cluster ended the session; `readmitted`: the ban is over. */
  | { at: "guest"; because?: LoggedOut | "readmitted" }
  /** `ban`: undefined while only the ban itself is known. */
  | { at: "guest"; because: "banned"; ban: Ban | undefined }
  | { at: "user"; user: OwnUser; token: string; expiresAt: number };

/** How often the ban is checked while it is on screen, because it may be lifted or changed. */
const BAN_ASKED_MS = 60_000;
/** Spreads the requests of people whose bans end at the same moment. */
const BAN_SPREAD_MS = 1_000;
/** Refusals of a refresh that say nothing about the session; all others end it. */
const INCONCLUSIVE: ReadonlySet<string> = new Set([
  "unreachable",
  "unavailable",
  "internal",
  "too_many_attempts",
]);
const GONE_ALREADY: ReadonlySet<string> = new Set(["session_expired", "unauthenticated"]);

export type SessionDeps = {
  api: Pick<Api, "signUp" | "logIn" | "logOut" | "refresh" | "closeAccount">;
  clock: Clock;
  /** The estimated time of the server, because `expiresAt` is by its clock. */
  serverNow(): number;
  /** Remembers that a cookie should exist, so that plain guests do not ask for a session they never had. */
  store: Pick<Store, "session" | "keepSession">;
  tabs(received: (message: TabMessage) => void): Tabs;
  /** The user changed: send a new `hello`. */
  userChanged(): void;
  /** The same user has a fresh token: send `auth` over the socket. */
  tokenRenewed(token: string): void;
};

export type Session = ReturnType<typeof createSession>;

export function createSession(deps: SessionDeps) {
  const hadSession = deps.store.session() !== undefined;
  const likely = likelyOwner(deps.store);
  const state = signal<SessionState>(hadSession ? { at: "unknown" } : { at: "guest" });
  /** The user of the last session on this page, and the address. */
  let last = { id: likely === GUEST ? undefined : likely, email: "" };
  const tabs = deps.tabs(received);
  let cancelRenewal: Cancel = () => undefined;
  const banEnds = createCountdown({ now: deps.serverNow, after: deps.clock.after });

  return {
    state: computed(() => state.value),
    user: computed(() => (state.value.at === "user" ? state.value.user : undefined)),
    /** The owner of the page: a user's id or `GUEST`. */
    owner: computed(() => {
      if (state.value.at === "unknown") return likely;
      return state.value.at === "user" ? state.value.user.id : GUEST;
    }),
    /** Why the cluster logged this page out; undefined: it did not. */
    loggedOut: computed(() => {
      const { value } = state;
      if (value.at !== "guest" || value.because === "banned" || value.because === "readmitted")
        return undefined;
      return value.because;
    }),
    /** The user of the last session on this page, if there was one, and the address, if it is known. */
    lastUser: () => last.id,
    lastEmail: () => last.email,
    accessToken: () => (state.value.at === "user" ? state.value.token : undefined),
    token,
    renew,
    logIn: (body: LoginBody) => enter(() => deps.api.logIn(body)),
    signUp: (body: SignupBody) => enter(() => deps.api.signUp(body)),
    logOut,
    updateProfile,
    /** @param ban undefined: an older gateway reported only that there is one. */
    banned(ban: Ban | undefined) {
      shutOut(ban);
      if (ban === undefined) void askAboutBan();
    },
    /** Seconds until the ban is over; undefined without a ban, or if it is for good. */
    banSecondsLeft: banEnds.secondsLeft,
    closeAccount,
    /** The page is restored from the browser's cache. Another tab may have logged out or in meanwhile. */
    async shownAgain(): Promise<void> {
      const user = state.value.at === "user" ? state.value.user.id : undefined;
      // Without an answer the session stays as it is, and the next request or renewal asks again.
      if (state.value.at !== "unknown" && deps.store.session() !== user)
        await renew(false).catch(() => undefined);
    },
    /** The person has read why the session ended. */
    noted() {
      if (state.value.at !== "guest") return;
      leave();
      state.value = { at: "guest" };
    },
  };

  /** The nickname or the role of the user changed. */
  function updateProfile({ nickname, role }: Pick<OwnUser, "nickname" | "role">) {
    const now = state.value;
    if (now.at !== "user" || (now.user.nickname === nickname && now.user.role === role)) return;
    state.value = { ...now, user: { ...now.user, nickname, role } };
  }

  /** The access token, refreshed when it is about to expire. Rejects when the server cannot be reached. */
  async function token(): Promise<string | undefined> {
    if (state.value.at === "guest") return undefined;
    if (!isFresh(MIN_LIFE_MS)) await refresh(() => isFresh(MIN_LIFE_MS));
    return state.value.at === "user" ? state.value.token : undefined;
  }

  /** The server refused our session. One refresh may repair that; `again` means that it did not. */
  async function renew(again: boolean): Promise<void> {
    if (again) return lost(undefined);
    const refused = state.value.at === "user" ? state.value.token : undefined;
    // Another tab may have renewed meanwhile, and a log-out under way is allowed to finish first.
    await refresh(
      () => state.value.at === "guest" || (state.value.at === "user" && state.value.token !== refused),
    );
  }

  async function refresh(isSettled: () => boolean): Promise<void> {
    await tabs.alone(async () => {
      if (isSettled()) return;
      const answer = await deps.api.refresh();
      if (answer.ok) {
        become(answer.value);
        tabs.post({ type: "session", answer: answer.value });
      } else if (answer.problem.code === "banned") {
        const { reason = "", until } = answer.problem;
        shutOut(until === undefined ? undefined : { reason, until });
      } else if (!INCONCLUSIVE.has(answer.problem.code)) {
        if (isShutOut()) leave("readmitted");
        else lost(answer.problem.reason);
      } else {
        throw new Error(`the session could not be refreshed: ${answer.problem.code}`);
      }
    });
  }

  async function enter(ask: () => ReturnType<Api["logIn"]>): Promise<ApiProblem | undefined> {
    const answer = await tabs.alone(ask);
    if (!answer.ok) return answer.problem;
    become(answer.value);
    tabs.post({ type: "session", answer: answer.value });
    return undefined;
  }

  /** Stays logged in when the server cannot be reached, because the cookie would still open the session. */
  async function logOut(): Promise<ApiProblem | undefined> {
    return await tabs.alone(async () => {
      const answer = await deps.api.logOut();
      if (!answer.ok && !GONE_ALREADY.has(answer.problem.code)) return answer.problem;
      gone();
      return undefined;
    });
  }

  /** Ends the account for good. */
  async function closeAccount(password: string): Promise<ApiProblem | undefined> {
    const answer = await deps.api.closeAccount(password);
    if (!answer.ok) return answer.problem;
    gone();
    return undefined;
  }

  /** Logged out on purpose, in all tabs. */
  function gone() {
    leave();
    tabs.post({ type: "gone" });
  }

  function isShutOut(): boolean {
    return state.value.at === "guest" && state.value.because === "banned";
  }

  /** Checks the ban when it should be over, and periodically before. The cookie stays, so that a reload checks too. */
  function shutOut(ban: Ban | undefined) {
    const before = state.value;
    state.value = { at: "guest", because: "banned", ban };
    deps.store.keepSession(last.id ?? SOMEBODY);
    banEnds.countTo(ban?.until ?? undefined);
    const left = ban?.until ? Math.max(0, ban.until - deps.serverNow()) : BAN_ASKED_MS;
    askAfter(Math.min(left, BAN_ASKED_MS));
    if (before.at === "user") deps.userChanged();
  }

  function askAfter(ms: number) {
    cancelRenewal();
    cancelRenewal = deps.clock.after(ms + deps.clock.random() * BAN_SPREAD_MS, () => void askAboutBan());
  }

  async function askAboutBan(): Promise<void> {
    await refresh(() => !isShutOut()).catch(() => askAfter(REFRESH_RETRY_MS));
  }

  /** Logged out by the cluster. Posts the reason, because the other tabs cannot ask for it without the cookie. */
  function lost(reason: string | undefined) {
    const because = isEndReason(reason) ? reason : "unknown";
    leave(because);
    tabs.post({ type: "gone", because });
  }

  function received(message: TabMessage) {
    if (message.type === "session") become(message.answer);
    else leave(message.because);
  }

  function become({ user, accessToken, expiresAt }: SessionAnswer) {
    const before = state.value;
    state.value = { at: "user", user, token: accessToken, expiresAt };
    banEnds.countTo(undefined);
    deps.store.keepSession(user.id);
    last = { id: user.id, email: user.email };
    renewAfter(Math.max(REFRESH_RETRY_MS, expiresAt - deps.serverNow() - RENEW_BEFORE_MS));
    if (before.at === "user" && before.user.id === user.id) deps.tokenRenewed(accessToken);
    else if (before.at !== "unknown") deps.userChanged();
  }

  function leave(because?: LoggedOut | "readmitted") {
    const before = state.value;
    cancelRenewal();
    banEnds.countTo(undefined);
    deps.store.keepSession(undefined);
    if (before.at === "guest" && because !== "readmitted") return;
    state.value = because ? { at: "guest", because } : { at: "guest" };
    if (before.at === "user") deps.userChanged();
  }

  function renewAfter(ms: number) {
    cancelRenewal();
    // Spreads the tabs of a browser, which would wake in the same instant; the later ones find it done.
    cancelRenewal = deps.clock.after(ms + deps.clock.random() * REFRESH_RETRY_MS, () => {
      refresh(() => isFresh(RENEW_BEFORE_MS)).catch(() => renewAfter(REFRESH_RETRY_MS));
    });
  }

  function isFresh(minMs: number): boolean {
    return state.value.at === "user" && state.value.expiresAt - deps.serverNow() > minMs;
  }
}
