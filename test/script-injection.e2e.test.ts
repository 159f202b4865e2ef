/** User text is shown as text everywhere, in messages, in names, in titles of rooms, and breaks no row. */
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

const FAMILY = "👨\u200d👩\u200d👧\u200d👦";
const NAMES = [
  "\u202eenin live",
  `Z${"\u0353\u0310\u0317\u0325\u0308".repeat(3)}algo`,
  FAMILY.repeat(20),
  "W".repeat(20),
  "javascript:alert(1)",
  "مرحبا عليكم",
];
const HOSTILE = [
  FAMILY.repeat(30),
  `\u202e${"evil ".repeat(10)}\u2066\u2067`,
  "مرحبا https://a.example/مرحبا abc مرحبا بالعالم 123",
  `a${"\u0300\u0489\u0e47".repeat(60)}b${"\u0e49".repeat(90)}`,
  "\u0489".repeat(120),
  "https://аррӏе.example/xn--:heart:",
  "https://user:pw@evil.example@good.example/\u202egpj.exe",
  `https://x.example/${"verylong".repeat(22)}`,
  "W".repeat(200),
  "ﷺ".repeat(60),
  "𒐫".repeat(60),
  "\u200b\u200d\u2060x\ufeff\u00ad".repeat(30),
  `top${"\n".repeat(150)}bottom`,
  `${"\r\n \u2028".repeat(30)}x`,
  ":heart:".repeat(28),
  "data:text/html;base64,PHNjcmlwdD4=",
  "JaVaScRiPt:alert(1)//https://ok.example",
  "\u00a0\u3000ㅤ.ㅤ\u3000",
];

/** Rows that overlap, or go beyond the log, in words. */
const BROKEN = `(() => {
  const log = document.querySelector(".log");
  const box = log.getBoundingClientRect();
  const faults = log.scrollWidth > log.clientWidth ? ["the log is " + log.scrollWidth + " px wide"] : [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is too wide");
  const rows = [...document.querySelectorAll(".row")];
  rows.forEach((row, n) => {
    const { top, bottom } = row.getBoundingClientRect();
    const next = rows[n + 1]?.getBoundingClientRect().top ?? bottom;
    const name = JSON.stringify(row.innerText.slice(0, 30));
    if (next < bottom - 0.5) faults.push(name + " overlaps the next");
    if (bottom - top > innerHeight * 0.75) faults.push(name + " is " + Math.round(bottom - top) + " px high");
    for (const each of [row, ...row.querySelectorAll(".bubble, .author, .name, a, .avatar")]) {
      const { left, right, width, height } = each.getBoundingClientRect();
      if (width > 1 && (left < box.left - 0.5 || right > box.right + 0.5)) faults.push(name + ": beyond the log: " + each.className);
      if (height > bottom - top + 0.5) faults.push(name + ": higher than its row: " + each.className);
    }
    const clips = [row, row.querySelector(".bubble")].some((each) => each && /clip|hidden/.test(getComputedStyle(each).overflowY));
    if (!clips) faults.push(name + " may paint over others");
  });
  return { faults, count: rows.length };
})()`;

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

test("each message stays in its row however people write and are called, on phone and desk, compact and cozy", async () => {
  const clients = [];
  for (const [index, nickname] of NAMES.entries()) {
    const account = { email: `hostile${index}@example.com`, password: "not so common", nickname };
    const answer = await post("/api/signup", account);
    // A name may be refused, but not for another reason than its letters.
    if (answer.ok)
      clients.push(await enter(cluster.url, { token: ((await answer.json()) as SessionAnswer).accessToken }));
    else expect(answer.status).toBe(400);
  }
  expect(clients.length).toBeGreaterThanOrEqual(3);
  for (const [index, text] of HOSTILE.entries()) {
    const client = clients[index % clients.length];
    client?.say({ type: "send", room: "lobby", clientId: `h${index}`, text });
    await client?.until("an answer", () =>
      client.frames.find((frame) => "clientId" in frame && frame.clientId === `h${index}`),
    );
  }
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1_280, height: 900 },
  ]) {
    const visitor = await visit(browser, cluster.url, { viewport });
    const { page } = visitor;
    await page.locator(".bubble a").first().waitFor();
    for (const density of ["compact", "cozy"]) {
      await page.evaluate(`document.documentElement.dataset.density = "${density}"`);
      const { faults, count } = (await page.evaluate(BROKEN)) as { faults: string[]; count: number };
      expect([viewport.width, density, faults]).toEqual([viewport.width, density, []]);
      expect(count).toBeGreaterThan(HOSTILE.length / 2);
    }
    const links = await page
      .locator(".bubble a")
      .evaluateAll((all) => all.map((each) => [each.textContent, each.getAttribute("href")]));
    // A domain in other letters is shown as the browser asks for it.
    for (const [shown, href] of links) expect(new URL(shown ?? "").href).toBe(href);
    expect(links.map(([shown]) => shown)).toContain("https://xn--80ak6aa92e.example/xn--:heart:");
    expect(links.join()).not.toContain("good.example");
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  }
});
