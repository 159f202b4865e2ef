/** A session with the server, the browser and the other tabs played by a test. */
import type { SessionAnswer } from "../../shared/http-api.ts";
import type { Answer, ApiProblem } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createFakeBrowser } from "../sync/storage.fake.ts";
import type { TabMessage } from "../sync/tabs.ts";
import { openFakePage } from "./kept.fake.ts";
import { createSession } from "./session.ts";

export const QUARTER_HOUR = 15 * 60_000;
export const credentials = { email: "a@example.com", password: "long enough" };

/** @param had the user whose session the browser has, as far as an earlier page knew. */
export function createFakeSession({ had = false }: { had?: boolean | string } = {}) {
  const clock = createFakeClock(() => 0);
  const browser = createFakeBrowser();
  if (had) browser.local.set("suda:had-session", had === true ? '"yes"' : `"${had}"`);
  const kept = browser.local;
  const { store } = openFakePage(browser.openTab());
  const happened: string[] = [];
  const posted: TabMessage[] = [];
  const server = { userId: "u1", problem: undefined as ApiProblem | undefined, tokens: 0 };
  let receive: (message: TabMessage) => void = () => undefined;

  const answer = (userId = server.userId): SessionAnswer => {
    server.tokens += 1;
    return {
      user: { id: userId, nickname: userId, role: "user", email: "a@example.com" },
      accessToken: `t${server.tokens}`,
      expiresAt: clock.now() + QUARTER_HOUR,
    };
  };
  const ask = (name: string) => async (): Promise<Answer<SessionAnswer>> => {
    happened.push(name);
    return server.problem ? { ok: false, problem: server.problem } : { ok: true, value: answer() };
  };
  const session = createSession({
    clock,
    store,
    serverNow: clock.now,
    api: {
      logIn: ask("logIn"),
      signUp: ask("signUp"),
      refresh: ask("refresh"),
      closeAccount: async () => ({ ok: true, value: undefined }),
      logOut: async () => {
        happened.push("logOut");
        return server.problem ? { ok: false, problem: server.problem } : { ok: true, value: undefined };
      },
    },
    tabs: (received) => {
      receive = received;
      return { alone: (work) => work(), post: (message) => posted.push(message) };
    },
    userChanged: () => happened.push("userChanged"),
    tokenRenewed: (token) => happened.push(`renewed ${token}`),
  });
  return {
    clock,
    session,
    happened,
    posted,
    server,
    answer,
    receive: (message: TabMessage) => receive(message),
    kept,
  };
}
