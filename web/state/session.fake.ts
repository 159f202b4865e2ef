/** A session whose server, browser and other tabs a test plays. */
import type { SessionAnswer } from "../../shared/http-api.ts";
import type { Answer, ApiProblem } from "../sync/api.ts";
import { createFakeClock } from "../sync/clock.fake.ts";
import { createFakeBrowser } from "../sync/storage.fake.ts";
import type { TabWord } from "../sync/tabs.ts";
import { openFakePage } from "./kept.fake.ts";
import { createSession } from "./session.ts";

export const QUARTER_HOUR = 15 * 60_000;
export const credentials = { email: "a@example.com", password: "long enough" };

/** @param had whose session the browser has, as far as a page before knew. */
export function createFakeSession({ had = false }: { had?: boolean | string } = {}) {
  const clock = createFakeClock(() => 0);
  const browser = createFakeBrowser();
  if (had) browser.local.set("suda:had-session", had === true ? '"yes"' : `"${had}"`);
  const kept = browser.local;
  const { store } = openFakePage(browser.openTab());
  const happened: string[] = [];
  const told: TabWord[] = [];
  const world = { userId: "u1", problem: undefined as ApiProblem | undefined, tokens: 0 };
  let hear: (word: TabWord) => void = () => undefined;

  const answer = (userId = world.userId): SessionAnswer => {
    world.tokens += 1;
    return {
      user: { id: userId, nickname: userId, role: "user", email: "a@example.com" },
      accessToken: `t${world.tokens}`,
      expiresAt: clock.now() + QUARTER_HOUR,
    };
  };
  const ask = (name: string) => async (): Promise<Answer<SessionAnswer>> => {
    happened.push(name);
    return world.problem ? { ok: false, problem: world.problem } : { ok: true, value: answer() };
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
        return world.problem ? { ok: false, problem: world.problem } : { ok: true, value: undefined };
      },
    },
    tabs: (heard) => {
      hear = heard;
      return { alone: (work) => work(), tell: (word) => told.push(word) };
    },
    userChanged: () => happened.push("userChanged"),
    tokenRenewed: (token) => happened.push(`renewed ${token}`),
  });
  return { clock, session, happened, told, world, answer, hear: (word: TabWord) => hear(word), kept };
}
