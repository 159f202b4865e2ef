/** Notifications of a page that nobody looks at, in a whole Chromium, with two tabs; and the choice of a room. */
import { createECDH, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { installLine, WISHES } from "../infra/local/stores/programs.ts";
import { until } from "../shared/until.ts";
import { launchWhole, PASSWORD, type Visitor, visitIn } from "./support/browser.ts";
import { enter, type TestClient } from "./support/client.ts";
import { startFirefoxPush } from "./support/firefox-push.ts";
import { startPushService } from "./support/push-service.ts";
import { useCluster } from "./support/use-cluster.ts";

const PATIENT = { timeout: 20_000 };
const service = await startPushService();
const env = { SUDA_PUSH_HOSTS: "localhost", NODE_EXTRA_CA_CERTS: service.certificate };
const { cluster, user } = useCluster({ gateways: 2, env }, 1);
const FIREFOX = WISHES.firefox.present();
if (!FIREFOX) process.stdout.write(`Firefox is left out, until: ${installLine([WISHES.firefox])}\n`);
/** Whether the person looks at the page, and how many notifications it showed itself. */
const WATCH = `
  window.looks = true;
  document.hasFocus = () => window.looks;
  window.shows = 0;
  const { prototype } = ServiceWorkerRegistration;
  const show = prototype.showNotification;
  prototype.showNotification = function (...given) { window.shows += 1; return show.apply(this, given); };
`;
type Shown = { title: string; body: string; seq: number };

/** A browser's subscription at a service that nobody has. */
const [pair, auth] = [createECDH("prime256v1"), randomBytes(16).toString("base64url")];
pair.generateKeys();
const keys = { p256dh: pair.getPublicKey("base64url"), auth };
const SUBSCRIPTION = JSON.stringify({ endpoint: `${service.origin}/nobody`, keys });
const SUBSCRIBED = `PushManager.prototype.subscribe = async () => ({ toJSON: () => (${SUBSCRIPTION}) });`;
const ALONE = `PushManager.prototype.subscribe = () => Promise.reject(new Error("no service"));`;

let folder = "";
let whole: BrowserContext;
let talker: TestClient;
let said = 0;

beforeAll(async () => {
  talker = await enter(cluster().url, { token: user(0).accessToken });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "suda-notices-"));
  whole = await launchWhole(folder);
  await whole.grantPermissions(["notifications"], { origin: cluster().url });
  await whole.addInitScript(WATCH);
});
afterEach(async () => {
  await whole?.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(async () => {
  talker?.close();
  await service.stop();
});

const inPage = <T>(page: Page, script: string): Promise<T> => page.evaluate(script) as Promise<T>;
const shown = (page: Page): Promise<Shown[]> =>
  inPage(
    page,
    `navigator.serviceWorker.ready.then(async (registration) =>
      (await registration.getNotifications()).map(({ title, body, data }) => ({ title, body, seq: data.seq })))`,
  );
const looks = (page: Page, does: boolean): Promise<void> =>
  inPage(page, `window.looks = ${does}; void window.dispatchEvent(new Event("focus"))`);

/** @returns the seq of the message. */
async function say(text: string, mentions: string[] = []): Promise<number> {
  said += 1;
  const clientId = `said-${said}`;
  talker.say({ type: "send", room: "lobby", clientId, text, mentions });
  const ack = await talker.sees("ack", (each) => each.clientId === clientId);
  return ack.seq;
}

/** A person with notifications turned on, who looks elsewhere. @returns their id too. */
async function come(nickname: string, pushManager: string): Promise<Visitor & { id: string }> {
  await whole.addInitScript(pushManager);
  const visitor = await visitIn(whole, cluster().url);
  const { page } = visitor;
  await visitor.signUp(nickname);
  await page.locator(".account-own").click();
  await page.locator("summary").filter({ hasText: "알림" }).click();
  await page.getByRole("button", { name: "알림 켜기" }).click();
  await page.getByRole("button", { name: "알림 끄기" }).waitFor(PATIENT);
  await page.keyboard.press("Escape");
  return { ...visitor, id: (await idOf(nickname)) ?? "" };
}

/** @returns the id of a person in the lobby; undefined: they are not there. */
async function idOf(nickname: string): Promise<string | undefined> {
  const answer = await fetch(`${cluster().url}/api/rooms/lobby/people`);
  const { people } = (await answer.json()) as { people: { id: string; nickname: string }[] };
  return people.find((each) => each.nickname === nickname)?.id;
}

/** As the browser does when its push service has a message for the page. */
async function deliver(devtools: CDPSession, origin: string, message: object): Promise<void> {
  await devtools.send("ServiceWorker.enable");
  const registrationId = await new Promise<string>((resolve) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin));
      if (own) resolve(own.registrationId);
    });
  });
  await devtools.send("ServiceWorker.deliverPushMessage", {
    origin,
    registrationId,
    data: JSON.stringify(message),
  });
}

test("a mention is shown once, by whichever of two tabs, and not again by the push of it; it goes when it is read", async () => {
  const minji = await come("민지 두 창", SUBSCRIBED);
  const second = await visitIn(whole, cluster().url);
  for (const { page } of [minji, second]) await looks(page, false);
  await say("아무 말");
  const seq = await say("@민지 두 창 들려요?", [minji.id]);
  await expect.poll(() => shown(minji.page), PATIENT).toHaveLength(1);
  const [notice] = await shown(minji.page);
  expect(notice).toMatchObject({ body: "@민지 두 창 들려요?", seq });
  expect(notice?.title).toContain(user(0).user.nickname);

  const devtools = await whole.newCDPSession(minji.page);
  const push = {
    to: minji.id,
    room: "lobby",
    title: "로비",
    seq,
    at: Date.now(),
    kind: "mention",
    author: "x",
    count: 1,
  };
  await deliver(devtools, cluster().url, push);
  await looks(minji.page, true);
  await expect.poll(() => shown(minji.page), PATIENT).toEqual([]);
  const shows = await Promise.all([minji, second].map(({ page }) => inPage<number>(page, "window.shows")));
  expect(shows.reduce((sum, each) => sum + each)).toBe(1);
});

test("a room with everything notifies of each message, a muted one of none, not even in the title; by keyboard, on all devices", async () => {
  const minji = await come("민지 조용히", ALONE);
  const { page } = minji;
  const menu = page.getByRole("button", { name: /^이 대화방/ });
  const choose = async (level: string, presses: string) => {
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.locator("input[name=level]:checked").focus();
    await page.keyboard.press(presses);
    await page.locator(`input[name=level][value=${level}]:checked`).waitFor();
    expect(await minji.barriers()).toEqual([]);
    await page.keyboard.press("Escape");
  };
  const second = await visitIn(whole, cluster().url);
  const showsAll = () => second.page.locator("input[name=level][value=all]:checked").waitFor();
  await second.page.getByRole("button", { name: "이 대화방" }).click();
  await choose("all", "ArrowLeft");
  // A page that is open all the while learns of it, and so does one that is opened later.
  await showsAll();
  await second.page.reload();
  await second.page.getByRole("button", { name: "이 대화방" }).click();
  await showsAll();
  await second.page.close();
  await looks(page, false);
  const seq = await say("모두에게");
  await expect.poll(() => shown(page), PATIENT).toEqual([expect.objectContaining({ body: "모두에게", seq })]);
  await looks(page, true);
  await expect.poll(() => shown(page), PATIENT).toEqual([]);

  await choose("none", "ArrowLeft");
  await page.locator(".silent-mark").waitFor({ state: "attached" });
  await looks(page, false);
  await say("조용한 방", [minji.id]);
  await minji.sees("조용한 방");
  // Twice as long as until the page hears of it and shows it.
  await page.waitForTimeout(3_000);
  expect([await shown(page), await page.title()]).toEqual([[], expect.not.stringContaining("(")]);
  expect(minji.complaints).toEqual([]);
});

test.skipIf(!FIREFOX)(
  "a closed tab of Firefox hears of a mention: encrypted by the worker, passed on by its push service, shown by its service worker",
  async () => {
    const push = await startFirefoxPush(service);
    const firefox = await push.launch();
    try {
      const page = await firefox.newPage();
      const click = async (selector: string) => (await page.waitForSelector(selector))?.click();
      const type = async (selector: string, text: string) =>
        (await page.waitForSelector(selector))?.type(text);
      await page.goto(cluster().url);
      await click(".composer.guest .primary");
      await click("[role=tab]:nth-of-type(2)");
      await type("input[name=email]", `${crypto.randomUUID()}@example.com`);
      await type("input[name=password]", PASSWORD);
      await type("input[name=nickname]", "Fox away");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#message");
      await click(".account-own");
      await click("::-p-text(Notifications)");
      await click("::-p-text(Turn on notifications)");
      await page.waitForSelector("::-p-text(also when no page is open)");
      await page.waitForSelector("::-p-text(Turn off notifications)");
      const id = await idOf("Fox away");
      await firefox.newPage();
      await page.close();
      await until("the page is gone", async () => (await idOf("Fox away")) === undefined, {
        withinMs: 20_000,
      });

      await say("@Fox away are you there?", [id ?? ""]);
      await until("Firefox has it", () => push.delivered() === 1, { withinMs: 30_000 });
      const file = await firefox.newPage();
      await file.goto(`${cluster().url}/robots.txt`);
      const notices =
        (await file.evaluate(`navigator.serviceWorker.getRegistration("/").then(async (registration) =>
      (await registration.getNotifications()).map(({ title, body }) => [title, body]))`)) as string[][];
      expect(notices).toEqual([[expect.stringContaining(user(0).user.nickname), "@Fox away are you there?"]]);
    } finally {
      await firefox.close();
      await push.stop();
    }
  },
);
