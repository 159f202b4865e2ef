/** People who come through each proxy of docs/fronts.md, over TLS and below a path, to one cluster behind it. */
import { request } from "node:https";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../infra/local/supervise/die-with-parent.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { until } from "../shared/until.ts";
import { barriersOf, launchBrowser, PASSWORD, type Visitor, visit } from "./support/browser.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import { FRONT_HOST, FRONT_PROGRAMS, openFronts } from "./support/front-programs.ts";
import { lookAt } from "./support/screens.ts";

const PAGE = `https://${FRONT_HOST}/chat/`;

let cluster: TestCluster;
let browser: Browser;
let port = 0;
const fronts = openFronts(() => cluster.port);

beforeAll(async () => {
  port = await freePort();
  const env = {
    SUDA_PUBLIC_URL: PAGE,
    SUDA_TRUST_PROXY: "127.0.0.1",
    SUDA_HTTP_LIMITS: "login_ip:5",
  };
  [cluster, browser] = await Promise.all([
    startCluster({ gateways: 1, limits: true, env }),
    launchBrowser(`--host-resolver-rules=MAP ${FRONT_HOST}:443 127.0.0.1:${port}`),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
  fronts.close();
});

/** Fails to log in. @param from the client's own address, which the proxy tells. */
const failLogIn = (from: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { host: FRONT_HOST, origin: `https://${FRONT_HOST}`, "content-type": "application/json" };
    const to = { host: "127.0.0.1", port, path: "/chat/api/login", method: "POST", headers };
    const tls = { localAddress: from, servername: FRONT_HOST, rejectUnauthorized: false };
    const asked = request({ ...to, ...tls }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end(JSON.stringify({ email: `${from}@example.com`, password: "a guess of mine" }));
  });

async function logIn({ page, isLive }: Visitor, email: string): Promise<void> {
  await page.locator(".composer.guest .log-in").click();
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator(".composer:not(.guest) #message").waitFor();
  await isLive();
}

/** Signs up, talks, reloads, and logs in from another browser. */
async function walk(name: string): Promise<void> {
  const open = () => visit(browser, PAGE, { ignoreHTTPSErrors: true });
  const ana = await open();
  const email = await ana.signUp(`Ana at ${name}`);
  await ana.say(`through ${name}`);
  await ana.sees(`through ${name}`);
  const cookies = await ana.page.context().cookies(PAGE);
  expect(cookies).toEqual([expect.objectContaining({ path: "/chat/", secure: true, httpOnly: true })]);
  expect(cookies[0]?.name).toMatch(/^__Secure-suda_refresh_/);
  await ana.page.reload();
  await ana.isLive();
  await ana.sees(`through ${name}`);
  await ana.page.locator(".composer:not(.guest) #message").waitFor();

  const ben = await open();
  await logIn(ben, email);
  await ben.sees(`through ${name}`);
  await ben.say(`back by ${name}`);
  await ana.sees(`back by ${name}`);
  await ben.page.goto(`${PAGE}r/lobby`);
  await ben.sees(`back by ${name}`);
  const links = ben.page.locator("a[href^='/']");
  expect(await links.evaluateAll((all) => all.map((each) => each.getAttribute("href")))).toContain("/chat/");
  expect(await ben.page.locator("a[href^='/']:not([href^='/chat/'])").count()).toBe(0);
  expect([...ana.complaints, ...ben.complaints]).toEqual([]);
  await Promise.all([ana.close(), ben.close()]);
}

test("a page of another address says that it is not allowed, instead of a room and a log-in", async () => {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(cluster.url);
  await page.getByText("This chat may not be used at this address.").filter({ visible: true }).waitFor();
  expect(await page.locator(".conversation").getByRole("button", { name: "Log in" }).count()).toBe(0);
  expect(await page.getByText("Opening the room").count()).toBe(0);
  expect((await lookAt({ page, barriers: () => barriersOf(page) })).faults).toEqual([]);
  await context.close();
});

describe.each(FRONT_PROGRAMS)("through $name", (program) => {
  test.skipIf(findProgram(program.name) === undefined)(
    "a page below a path signs up, logs in, talks and reloads; two people have limits of their own",
    async () => {
      const number = FRONT_PROGRAMS.indexOf(program);
      const [busy, other] = [`127.0.1.${number}`, `127.0.2.${number}`];
      await fronts.during(program, port, true, async () => {
        await until("the proxy listens", async () => (await failLogIn(busy)) === 401);
        await walk(program.name);
        await until("the one has used up the tries", async () => (await failLogIn(busy)) === 429);
        expect(await failLogIn(other)).toBe(401);
      });
    },
  );
});
