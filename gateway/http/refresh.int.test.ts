import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgetTokens } from "../../worker/cleanup.ts";
import { MAX_SESSIONS } from "../sessions/sessions.ts";
import { call, type Reply, signUp } from "./testing/client.ts";
import { formerlyRefreshed } from "./testing/former-gateway.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ask = (cookie: string) => call(api, "POST /api/refresh", { cookie });
const sessionOf = (accessToken: string): string => api.tokens.verify(accessToken)?.sessionId ?? "";

/** Presents the access token and writes the use that it proves of its refresh token. */
async function use(accessToken: string): Promise<number> {
  const { status } = await call(api, "GET /api/me", { bearer: accessToken });
  await api.usesNoted();
  return status;
}

const rotated = async (cookie: string): Promise<Reply> => {
  const reply = await ask(cookie);
  expect(reply.status).toBe(200);
  return reply;
};

/** Moves everything in the session so far back in time. */
const passTime = (sessionId: string, span: string) => api.sql`
  update refresh_tokens set replaced_at = replaced_at - ${span}::interval, created_at = created_at - ${span}::interval
  where session_id = ${sessionId}`;

describe("an answer that was lost", () => {
  test.each(["1 second", "25 seconds", "8 hours"])(
    "costs nothing when it is asked for again %s later",
    async (span) => {
      const { cookie, accessToken } = await signUp(api);
      const lost = await rotated(cookie);
      await passTime(sessionOf(accessToken), span);
      const again = await rotated(cookie);
      expect(again.cookie).toBe(lost.cookie);
      expect(await use(again.body.accessToken)).toBe(200);
      await rotated(again.cookie);
    },
  );

  test("can be lost again and again, and by turns with others", async () => {
    let { cookie } = await signUp(api);
    for (let turn = 0; turn < 3; turn++) {
      for (let n = 0; n < 4; n++) await rotated(cookie);
      ({ cookie } = await rotated(cookie));
    }
  });
});

describe("a token that was replaced", () => {
  const expectFoundOut = async (old: string, current: string, sessionId: string) => {
    const reply = await ask(old);
    expect([reply.status, reply.body.code, reply.body.reason]).toEqual([401, "session_expired", "reused"]);
    expect(api.ended).toContain(sessionId);
    const after = await ask(current);
    expect([after.status, after.body.reason]).toEqual([401, "reused"]);
  };

  test("ends the session once its successor was used to refresh", async () => {
    const { cookie, accessToken } = await signUp(api);
    const second = await rotated(cookie);
    const third = await rotated(second.cookie);
    await expectFoundOut(cookie, third.cookie, sessionOf(accessToken));
  });

  test("ends the session once an access token from beside its successor came in", async () => {
    const { cookie, accessToken } = await signUp(api);
    const second = await rotated(cookie);
    expect(await use(second.body.accessToken)).toBe(200);
    await expectFoundOut(cookie, second.cookie, sessionOf(accessToken));
  });

  test("is known though its row is kept no longer", async () => {
    const { cookie, accessToken } = await signUp(api);
    let current = cookie;
    for (let n = 0; n < 5; n++) current = (await rotated(current)).cookie;
    await forgetTokens(api.sql);
    const id = sessionOf(accessToken);
    const [kept] = await api.sql`select count(*)::int as count from refresh_tokens where session_id = ${id}`;
    expect(kept?.count).toBe(2);
    await expectFoundOut(cookie, current, id);
  });

  test("cannot be made without the key, neither from PostgreSQL nor from the token before it", async () => {
    const { cookie, accessToken } = await signUp(api);
    const { cookie: next } = await rotated(cookie);
    const [, before = ""] = cookie.split("=");
    const [, after = ""] = next.split("=");
    expect(after.slice(0, 20)).toBe(before.slice(0, 20));
    expect(after.slice(22)).not.toBe(before.slice(22));
    const rows = await api.sql`select * from refresh_tokens where session_id = ${sessionOf(accessToken)}`;
    const [session] = await api.sql`select * from sessions where id = ${sessionOf(accessToken)}`;
    const half = Buffer.from(after, "base64url").subarray(0, 16).toString("hex");
    expect(
      JSON.stringify([rows, session].flat(), (_, value) => value?.toString?.("hex") ?? value),
    ).not.toContain(half);
  });
});

describe("beside gateways of the release before", () => {
  const there = async (cookie: string) => {
    const [name, old = ""] = cookie.split("=");
    const token = await formerlyRefreshed(api.sql, old);
    if (token === null) throw new Error("logged out by a gateway of the release before");
    return `${name}=${token}`;
  };

  test("people go from one to the other and stay logged in, and a copy is found out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 3, maxLength: 8 }), async (turns) => {
        const visitor = await signUp(api);
        const id = sessionOf(visitor.accessToken);
        const cookies = [visitor.cookie];
        for (const former of turns) {
          const current = cookies.at(-1) ?? "";
          cookies.push(former ? await there(current) : (await rotated(current)).cookie);
          await passTime(id, "14 minutes");
        }
        expect(api.ended).not.toContain(id);
        expect((await ask(cookies.at(-3) ?? "")).body.reason).toBe("reused");
        expect(api.ended).toContain(id);
      }),
      { numRuns: 25 },
    );
  });

  test("an answer of theirs that was lost can be asked for here", async () => {
    const { cookie, accessToken } = await signUp(api);
    await there(cookie);
    await passTime(sessionOf(accessToken), "25 seconds");
    await rotated((await rotated(cookie)).cookie);
  });

  test("of two tabs one of which asked there both go on", async () => {
    const { cookie } = await signUp(api);
    const [one, two] = [await there(cookie), (await rotated(cookie)).cookie];
    for (const tab of [one, two]) await rotated(tab);
  });
});

/** One browser: a jar that all its tabs share, answers under way, and the token with which each tab says `hello`. */
type Step = "ask" | "arrive" | "arriveLast" | "lose" | "use" | "wait" | "sweep";
const steps = fc.array(
  fc.record({
    step: fc.constantFrom<Step>("ask", "ask", "arrive", "arriveLast", "lose", "use", "wait", "sweep"),
    tab: fc.nat({ max: 1 }),
  }),
  { maxLength: 25 },
);

async function browse(plan: readonly { step: Step; tab: number }[]) {
  const visitor = await signUp(api);
  const id = sessionOf(visitor.accessToken);
  let jar = visitor.cookie;
  const held = [visitor.accessToken, visitor.accessToken];
  let onTheWay: { sent: string; reply: Reply; tab: number }[] = [];
  /** Tokens whose successor was used. */
  const old = new Set<string>();
  const before = new Map<string, string>();

  const arrive = (answer: (typeof onTheWay)[number] | undefined) => {
    if (!answer) return;
    onTheWay = onTheWay.filter((other) => other !== answer);
    jar = answer.reply.cookie;
    held[answer.tab] = answer.reply.body.accessToken;
  };
  const seen = (cookie: string) => {
    const previous = before.get(cookie);
    if (previous !== undefined) old.add(previous);
  };

  for (const { step, tab } of plan) {
    if (step === "ask") {
      const reply = await ask(jar);
      expect(reply.status).toBe(200);
      seen(jar);
      before.set(reply.cookie, jar);
      // Answers to requests with another token come too late: the page has given that token up.
      onTheWay = [...onTheWay.filter(({ sent }) => sent === jar), { sent: jar, reply, tab }];
    }
    if (step === "arrive") arrive(onTheWay[0]);
    if (step === "arriveLast") arrive(onTheWay.at(-1));
    if (step === "lose") onTheWay.shift();
    if (step === "use") {
      expect(await use(held[tab] ?? "")).toBe(200);
      if (held[tab] !== visitor.accessToken && onTheWay.length === 0) seen(jar);
    }
    if (step === "wait") await passTime(id, "20 minutes");
    if (step === "sweep") await forgetTokens(api.sql);
  }
  return { id, jar, old: [...old] };
}

test("no interleaving of lost answers, retries and two tabs ends a session; each use of an old token does", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (plan, choice) => {
      const { id, jar, old } = await browse(plan);
      const { cookie } = await rotated(jar);
      expect(api.ended).not.toContain(id);
      const stolen = old[choice % Math.max(1, old.length)];
      if (stolen === undefined) return;
      expect((await ask(stolen)).body.reason).toBe("reused");
      expect(api.ended).toContain(id);
      expect((await ask(cookie)).status).toBe(401);
    }),
    { numRuns: 60 },
  );
}, 60_000);

describe("log-ins with the right password", () => {
  test("500 of them leave 50 sessions, and no more token rows than those need", async () => {
    const { email, password, user, cookie: first } = await signUp(api);
    const device = { ip: "127.0.0.1", userAgent: "" };
    let newest = "";
    for (let done = 0; done < 500; done += 25) {
      const opened = await Promise.all(Array.from({ length: 25 }, () => api.sessions.begin(user, device)));
      newest = opened[0]?.refreshToken ?? "";
      await Promise.all(opened.map(({ refreshToken }) => api.sessions.refresh([refreshToken])));
    }
    const last = await call(api, "POST /api/login", { body: { email, password } });
    expect(last.status).toBe(200);
    await forgetTokens(api.sql);
    const [sessions] = await api.sql`
      select count(*)::int as live from sessions where user_id = ${user.id} and ended_at is null`;
    const [tokens] = await api.sql`
      select count(*)::int as rows from refresh_tokens t join sessions s on s.id = t.session_id
      where s.user_id = ${user.id}`;
    expect(sessions?.live).toBe(MAX_SESSIONS);
    expect(tokens?.rows).toBeLessThanOrEqual(2 * MAX_SESSIONS + 20);
    const crowdedOut = await ask(first);
    expect([crowdedOut.status, crowdedOut.body.reason]).toEqual([401, "crowded"]);
    expect((await ask(last.cookie)).status).toBe(200);
    expect((await api.sessions.refresh([newest])).answer.user.id).toBe(user.id);
  });

  test("end the session that was idle longest, everywhere, and spare the others", async () => {
    const { email, password, user, cookie, accessToken } = await signUp(api);
    for (let n = 1; n < MAX_SESSIONS; n++) {
      await api.sql`
        insert into sessions (id, user_id, expires_at) values (gen_random_uuid(), ${user.id}, now() + interval '1 day')`;
    }
    await rotated(cookie);
    const [idle] = await api.sql`
      update sessions set last_seen_at = now() - interval '1 hour'
      where id = (select id from sessions where user_id = ${user.id} and id <> ${sessionOf(accessToken)} limit 1)
      returning id`;
    const { status } = await call(api, "POST /api/login", { body: { email, password } });
    expect(status).toBe(200);
    expect(api.ended).toContain(idle?.id);
    expect(api.ended).not.toContain(sessionOf(accessToken));
  });
});
