/** User text is shown as text everywhere: in messages, in names, in titles of rooms. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SessionAnswer } from "../shared/http-api.ts";
import { launchBrowser, visit } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";

let cluster: TestCluster;
let browser: Browser;
beforeAll(async () => {
  [cluster, browser] = await Promise.all([
    startCluster({ gateways: 1, env: { SUDA_MESSAGE_CHARS: "200" } }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

const NICKNAME = "<img src=x onerror=1";
const TITLE = '<svg onload="document.title=1">';
const MESSAGES = [
  '<script>document.title="hit"</script>',
  "<img src=x onerror='document.title=\"hit\"'>",
  '"><svg/onload=document.title="hit">',
  "<iframe srcdoc='<script>parent.document.title=1</script>'>",
  "javascript:document.title='hit'",
  "[a](javascript:document.title='hit')",
  "data:text/html,<script>document.title='hit'</script>",
  "{{constructor.constructor('document.title=1')()}}",
  "<math><mi//xlink:href='data:x,<script>1</script>'>",
  "<style>*{display:none}</style>",
  "</textarea><script>document.title='hit'</script>",
];

const post = async (path: string, body: object, token?: string): Promise<Response> =>
  fetch(`${cluster.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });

test("user text is shown as written and never run", async () => {
  const account = { email: "mallory@example.com", password: "not so common", nickname: NICKNAME };
  const { accessToken } = (await (await post("/api/signup", account)).json()) as SessionAnswer;
  expect((await post("/api/rooms", { name: "markup", title: TITLE }, accessToken)).status).toBe(201);
  const mallory = await enter(cluster.url, { token: accessToken });
  for (const [index, text] of MESSAGES.entries()) {
    mallory.say({ type: "send", room: "lobby", clientId: `x${index}`, text });
    await mallory.sees("ack", ({ clientId }) => clientId === `x${index}`);
  }

  const visitor = await visit(browser, cluster.url);
  const { page } = visitor;
  const title = await page.title();
  for (const text of MESSAGES) await visitor.row(text).first().waitFor();
  await page.getByText(NICKNAME, { exact: true }).first().waitFor();
  await page.getByText(TITLE, { exact: true }).first().waitFor({ state: "attached" });
  expect(
    await page
      .locator(".row script, .row img, .row iframe, .row style, .row math, [onerror], [onload]")
      .count(),
  ).toBe(0);
  expect(await page.locator('a[href^="javascript:" i], a[href^="data:" i]').count()).toBe(0);
  await expect.poll(() => page.title()).toBe(title);
  expect(visitor.complaints).toEqual([]);
  await visitor.close();
});
