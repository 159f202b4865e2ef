import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { HTTP_RATES } from "../../shared/server/process/http-rates.ts";
import { call, newPerson, type Reply, signUp } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi({ limits: true });
});
afterAll(() => api.close());

let lastIp = 0;
const newIp = () => `198.51.100.${++lastIp}`;

const logIn = (email: string, password: string, ip: string) =>
  call(api, "POST /api/login", { body: { email, password }, headers: { "x-real-ip": ip } });

/** Guesses one after the other until the answer is no longer 401. */
async function guessUntilRefused(
  email: (n: number) => string,
  ip: string,
  max: number,
): Promise<[number, Reply]> {
  for (let tries = 0; ; tries++) {
    const reply = await logIn(email(tries), "a wrong guess", ip);
    if (reply.status !== 401 || tries === max) return [tries, reply];
  }
}

function expectLimited({ status, body, headers }: Reply): void {
  expect([status, body.code]).toEqual([429, "too_many_attempts"]);
  expect(body.retryAfterMs).toBeGreaterThan(0);
  expect(body.retryAfterMs).toBeLessThanOrEqual(60_000);
  expect(Number(headers.get("retry-after"))).toBe(Math.ceil(body.retryAfterMs / 1_000));
}

describe("guessing a password", () => {
  test("bites after at least five tries at one account, and says how long", async () => {
    const { email } = await signUp(api);
    const [tries, reply] = await guessUntilRefused(() => email, newIp(), 50);
    expect(tries).toBe(HTTP_RATES.login_account_ip);
    expect(tries).toBeGreaterThanOrEqual(5);
    expectLimited(reply);
  });

  test("does not lock out the owner who comes from elsewhere", async () => {
    const { email, password } = await signUp(api);
    await guessUntilRefused(() => email, newIp(), 50);
    expect((await logIn(email, password, newIp())).status).toBe(200);
  });

  test("bites after at least twenty tries from one address at many accounts", async () => {
    const [tries, reply] = await guessUntilRefused((n) => `nobody${n}@example.com`, newIp(), 100);
    expect(tries).toBe(HTTP_RATES.login_ip);
    expect(tries).toBeGreaterThanOrEqual(20);
    expectLimited(reply);
  });

  test("from many addresses at one account bites too", async () => {
    const { email } = await signUp(api);
    let refused: Reply | undefined;
    for (let n = 0; n < 100 && !refused; n++) {
      const reply = await logIn(email, "a wrong guess", `2001:db8:${n.toString(16)}::1`);
      if (reply.status === 429) refused = reply;
    }
    if (!refused) throw new Error("never refused");
    expectLimited(refused);
  });

  test("is counted for the whole network of an IPv6 subscriber", async () => {
    const { email } = await signUp(api);
    let tries = 0;
    while (tries < 50 && (await logIn(email, "a wrong guess", `2001:db8:1:2::${tries}`)).status === 401)
      tries++;
    expect(tries).toBe(HTTP_RATES.login_account_ip);
  });
});

test("the right password never uses up tries", async () => {
  const { email, password } = await signUp(api);
  const ip = newIp();
  for (let n = 0; n < HTTP_RATES.login_account_ip * 2; n++) {
    expect((await logIn(email, password, ip)).status).toBe(200);
  }
});

test("a flood is turned away at once, and nobody with the right password pays for it", async () => {
  const { email, password } = await signUp(api);
  const ip = newIp();
  // Two rounds exceed the wrong tries that an account may have.
  for (let n = 0; n < 2; n++) {
    const flood = await Promise.all(Array.from({ length: 40 }, () => logIn(email, password, newIp())));
    const statuses = new Set(flood.map(({ status }) => status));
    expect(statuses).toEqual(new Set([200, 429]));
    flood.filter(({ status }) => status === 429).forEach(expectLimited);
  }
  expect((await logIn(email, password, ip)).status).toBe(200);
});

test("sign-ups are bounded by address, those that were refused for a field are not counted", async () => {
  const headers = { "x-real-ip": newIp() };
  const attempt = (body: unknown) => call(api, "POST /api/signup", { body, headers });
  const taken = await signUp(api);
  for (let n = 0; n < 5; n++) await attempt({ ...newPerson(), password: "short" });
  let tries = 0;
  let reply = await attempt({ ...newPerson(), email: taken.email });
  while (reply.status === 409 && tries < 100) {
    tries++;
    reply = await attempt({ ...newPerson(), email: taken.email });
  }
  expect(tries).toBe(HTTP_RATES.signup_ip);
  expectLimited(reply);
});

test("sign-ups that were turned away as busy use up nothing", async () => {
  const headers = { "x-real-ip": newIp() };
  const attempt = () => call(api, "POST /api/signup", { body: newPerson(), headers });
  let made = 0;
  let busy = 0;
  while (busy === 0 || made < HTTP_RATES.signup_ip / 2) {
    const flood = await Promise.all(Array.from({ length: 40 }, attempt));
    made += flood.filter(({ status }) => status === 201).length;
    busy += flood.filter(({ status, body }) => status === 429 && !body.detail).length;
  }
  let reply = await attempt();
  for (; reply.status === 201; reply = await attempt()) made++;
  expect(reply.body.detail).toContain("signup_ip");
  expect(made).toBe(HTTP_RATES.signup_ip);
});

test("the current password of somebody who is logged in cannot be guessed without end either", async () => {
  const { accessToken, password } = await signUp(api);
  const change = (current: string) =>
    call(api, "POST /api/me/password", {
      bearer: accessToken,
      body: { current, next: "another long one" },
      headers: { "x-real-ip": newIp() },
    });
  let reply = await change("a wrong guess");
  let tries = 0;
  for (; reply.status === 401 && tries < 100; tries++) reply = await change("a wrong guess");
  expect(tries).toBe(HTTP_RATES.password_user);
  expectLimited(reply);
  expect(reply.body.detail).toContain("password_user");
  expect((await change(password)).status).toBe(429);
});

test("nicknames are not changed all the time", async () => {
  const { accessToken } = await signUp(api);
  const rename = (n: number) =>
    call(api, "PATCH /api/me", { bearer: accessToken, body: { nickname: `restless ${n}` } });
  for (let n = 0; n < HTTP_RATES.rename_user; n++) expect((await rename(n)).status).toBe(200);
  expectLimited(await rename(99));
});

describe("while Redis is away", () => {
  afterEach(() => api.redis.start());

  test("limits are counted in memory and people still get in", async () => {
    const { email, password } = await signUp(api);
    await api.redis.kill();
    expect((await logIn(email, password, newIp())).status).toBe(200);
    const [tries, reply] = await guessUntilRefused(() => email, newIp(), 50);
    expect(tries).toBe(HTTP_RATES.login_account_ip);
    expectLimited(reply);
  });
});
