/** Real browsers for end-to-end tests, with a function for each act and view of a person. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
  type WebSocketRoute,
} from "playwright-core";
import { findProgram } from "../../infra/local/supervise/die-with-parent.ts";
import { until } from "../../shared/until.ts";

/** The whole browser, with preferences. */
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"];

/** The password of all users who sign up here. */
export const PASSWORD = "바른 말 고운 말 9";

export type Visitor = Awaited<ReturnType<typeof visitIn>>;

/** Headless Chromium, preferably the one without windows, which cost more than the page. Close it in `afterAll`. @param more further flags of it. */
export async function launchBrowser(...more: string[]): Promise<Browser> {
  const executablePath = findProgram("chromium-headless-shell", ...CHROMIUM);
  if (!executablePath) throw new Error("there is no Chromium here: npm run doctor says how to get it");
  return await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", ...more],
  });
}

let shared: Promise<Browser> | undefined;
/**
 * The one of all test files that run in this process one after another, because its launch costs as much as a test; visitors have contexts of
 * their own. It ends with the process.
 */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launchBrowser().then((browser) => {
    browser.once("disconnected", () => {
      shared = undefined;
    });
    return browser;
  });
  return shared;
}

/** Chromium that blocks all cookies. @param folder an empty folder for the profile. */
export async function launchWithoutCookies(folder: string): Promise<BrowserContext> {
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } };
  await mkdir(join(folder, "Default"));
  await writeFile(join(folder, "Default", "Preferences"), JSON.stringify(preferences));
  return await launchWhole(folder);
}

/** The whole Chromium with a profile of its own, which knows of installed pages. @param folder for the profile. @param more further flags. */
export async function launchWhole(folder: string, ...more: string[]): Promise<BrowserContext> {
  const executablePath = findProgram(...CHROMIUM) ?? "";
  const args = ["--no-sandbox", ...more];
  return await chromium.launchPersistentContext(folder, { executablePath, args, locale: "ko-KR" });
}

/**
 * Opens `url` as a new visitor, in Korean by default, and waits until the page is live. Without a service worker, because no test could
 * take away or change a script that the worker has; `{ serviceWorkers: "allow" }` lets it in.
 */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    ...{ locale: "ko-KR", reducedMotion: "reduce", serviceWorkers: "block" },
    ...options,
  });
  return await visitIn(context, url);
}

/** Opens `url` in a new tab of a browser's profile, as the person who is in it, and waits until the page is live. */
export async function visitIn(context: BrowserContext, url: string) {
  const page = await context.newPage();
  const complaints = listen(page);
  await page.goto(url);
  await isLive(page);

  /** The row of the message of exactly this text. */
  const row = (text: string) => page.locator(".row").filter({ has: page.getByText(text, { exact: true }) });
  const actions = page.locator(".actions");
  /** The field of somebody with an account; a guest has one too. */
  const message = page.locator(".composer:not(.guest) #message");

  async function unfold(text: string): Promise<void> {
    await row(text).hover();
    await row(text).locator(".more").click();
    await actions.waitFor();
  }

  return {
    page,
    row,
    /** The actions of a message, once they are unfolded. */
    actions,
    unfold,
    /** Does something with a message by the name of the action. */
    async act(text: string, name: string) {
      await unfold(text);
      await actions.getByRole("button", { name }).click();
    },
    /** With unfolded actions: presses delete, which asks for confirmation. */
    async askToDelete() {
      await actions.locator(".grave").click();
      await actions.locator("> span:not([class])").waitFor();
    },
    async confirm() {
      await actions.locator(".grave").click();
      await actions.waitFor({ state: "detached" });
    },
    /** Errors of the page and of its console. There should be none. */
    complaints,
    close: () => context.close(),
    isLive: () => isLive(page),
    connection: () => connectionOf(page),
    gateway: async () => (await page.locator("[data-gateway]").getAttribute("data-gateway")) ?? "",
    message,

    /** @returns the e-mail address. */
    async signUp(nickname: string): Promise<string> {
      const email = `${crypto.randomUUID()}@example.com`;
      await page.locator(".composer.guest .primary").click();
      await page.getByRole("tab").nth(1).click();
      await page.locator("input[name=email]").fill(email);
      await page.locator("input[name=password]").fill(PASSWORD);
      await page.locator("input[name=nickname]").fill(nickname);
      await page.keyboard.press("Enter");
      await message.waitFor();
      await isLive(page);
      return email;
    },
    /** Types the text, and presses Enter once it can be sent: a connection in replacement accepts nothing. */
    async say(text: string) {
      await message.fill(text);
      await page.locator(".send:enabled").waitFor();
      await page.keyboard.press("Enter");
    },
    /** Waits until an acknowledged message of exactly this text is on screen. */
    async sees(text: string) {
      await page.locator('.row[data-state="sent"]').getByText(text, { exact: true }).last().waitFor();
    },
    /**
     * Takes the network away, and ends the open line first: Chromium spins on one core for as long as a line is open
     * without a network. test/browser.e2e.test.ts has the line that only falls silent.
     */
    async goOffline() {
      await endLines(page);
      await context.setOffline(true);
      await until("the page is offline", async () => (await connectionOf(page)) === "offline", {
        withinMs: 20_000,
      });
    },
    /** The texts of all messages on screen, from the top. */
    texts: () => page.locator(".bubble").allInnerTexts(),
    /** Reloads, records the page's WebSockets, and can send frames in the server's place. */
    async listenToLines() {
      const history = new Set<string>();
      let opened = 0;
      let newest: WebSocketRoute | undefined;
      await page.routeWebSocket(/\/ws$/, (line) => {
        const server = line.connectToServer();
        newest = line;
        opened += 1;
        const number = opened;
        history.add(`${number} opened`);
        line.onClose((code, reason) => {
          // Called once for each side that closes.
          history.add(`${number} closed`);
          void server.close({ code: code ?? 1000, reason: reason ?? "" });
        });
      });
      await page.reload();
      await isLive(page);
      const hears = (frame: object) => newest?.send(JSON.stringify(frame));
      return {
        history: () => [...history],
        /** Delivers a frame to the page as if from the server. */
        hears,
        askToMove: () => hears({ type: "move", withinMs: 50 }),
      };
    },
    people: async () => Number((await page.locator(".room-count").innerText()).replace(/\D/g, "")),
    barriers: () => barriersOf(page),
  };
}

/** Violations of accessibility rules that a program can find, in words. */
export async function barriersOf(page: Page): Promise<string[]> {
  // Without foreign frames axe need not open a page of its own to merge results. Only violations are reported.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** Opens pages until one is served by a gateway other than `taken`. */
export async function visitElsewhere(
  browser: Browser,
  url: string,
  taken: string,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  for (let i = 0; i < 20; i++) {
    const visitor = await visit(browser, url, options);
    if ((await visitor.gateway()) !== taken) return visitor;
    await visitor.close();
  }
  throw new Error(`twenty pages in a row were served by ${taken}`);
}

/**
 * Types with an input method and ends the composition with Enter, in the order of events that Chrome has there:
 * on macOS one key belongs to the composition, on Windows it is repeated after it.
 */
export async function composeAndEnter(page: Page, system: "macOS" | "Windows", syllables: readonly string[]) {
  const devtools = await page.context().newCDPSession(page);
  for (const text of syllables) {
    const end = text.length;
    await devtools.send("Input.imeSetComposition", { text, selectionStart: end, selectionEnd: end });
  }
  await devtools.send("Input.dispatchKeyEvent", {
    type: "rawKeyDown",
    key: system === "macOS" ? "Enter" : "Process",
    code: "Enter",
    windowsVirtualKeyCode: 229,
    nativeVirtualKeyCode: 229,
  });
  await devtools.send("Input.insertText", { text: syllables.at(-1) ?? "" });
  if (system === "Windows") await page.keyboard.press("Enter");
  await devtools.detach();
}

/** Presses `target` with a finger for the time of a long press. The page must have been opened with `hasTouch`. */
export async function pressLong(page: Page, target: Locator) {
  const box = await target.boundingBox();
  if (!box) throw new Error("there is nothing to press");
  const devtools = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await devtools.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await page.locator(".actions").waitFor();
  await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await devtools.detach();
}

async function endLines(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { result: prototype } = await devtools.send("Runtime.evaluate", {
    expression: "WebSocket.prototype",
  });
  const { objects } = await devtools.send("Runtime.queryObjects", {
    prototypeObjectId: prototype.objectId ?? "",
  });
  await devtools.send("Runtime.callFunctionOn", {
    objectId: objects.objectId ?? "",
    functionDeclaration: END_LINES,
    awaitPromise: true,
  });
  await devtools.detach();
}

/** Frames that the page still sends are lost without a word, as on a line that was lost. */
const END_LINES = `function () {
  const end = (line) =>
    new Promise((resolve) => {
      line.addEventListener("close", resolve);
      line.send = () => undefined;
      line.close();
    });
  return Promise.all(this.filter(({ readyState }) => readyState < WebSocket.CLOSING).map(end));
}`;

const connectionOf = (page: Page) => page.locator("[data-connection]").getAttribute("data-connection");

const isLive = (page: Page) =>
  until("the page is live", async () => (await connectionOf(page)) === "live", { withinMs: 30_000 });

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    const isBlocked = message.text().startsWith("Service Worker registration blocked");
    if (!isBlocked && (message.type() === "error" || message.type() === "warning"))
      complaints.push(message.text());
  });
  return complaints;
}
