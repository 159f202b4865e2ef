/** The three browser engines, each driven by a protocol that the ordinary browser itself speaks. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, type SupportedBrowser } from "puppeteer-core";
import { Builder, By, Key, until as when } from "selenium-webdriver";
import { childEnvironment } from "../../infra/local/cli/environment.ts";
import { installLine, NEEDS, type Need, WISHES } from "../../infra/local/stores/programs.ts";
import { type Command, dieWithParent, findProgram } from "../../infra/local/supervise/die-with-parent.ts";
import { spawnServer } from "../../infra/local/supervise/server-process.ts";
import { freePort } from "../../load-tests/support/free-port.ts";
import { until } from "../../shared/until.ts";

/** One tab, with the acts that both protocols have. Selectors mean the first element that fits, which is waited for. */
export type Tab = {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  /** @param expression of JavaScript, evaluated in the page. */
  read<T>(expression: string): Promise<T>;
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  pressEnter(selector: string): Promise<void>;
  close(): Promise<void>;
};
type Engine = { name: string; needs: Need[]; open(): Promise<Tab> };

export const ENGINES: Engine[] = [
  {
    name: "Chromium",
    needs: [NEEDS.headless],
    open: () => openPuppeteer("chrome", CHROMIUM, ["--no-sandbox"]),
  },
  { name: "Firefox", needs: [WISHES.firefox], open: () => openPuppeteer("firefox", FIREFOX) },
  { name: "WebKit", needs: [WISHES.webkit, WISHES.display], open: openWebKit },
];
const CHROMIUM = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
/** How long an element may take to appear; as long as puppeteer waits. */
const FIND_MS = 30_000;
const FIREFOX = ["firefox-esr", "firefox"];

/** The line that says why an engine is left out; undefined where its programs are installed. */
export function whyNot({ name, needs }: Engine): string | undefined {
  const missing = needs.filter(({ present }) => !present());
  if (missing.length > 0) return `${name} is left out, until: ${installLine(missing)}`;
}

async function openPuppeteer(browser: SupportedBrowser, names: string[], args: string[] = []): Promise<Tab> {
  const executablePath = findProgram(...names) ?? "";
  const program = await launch({
    browser,
    executablePath,
    args,
    defaultViewport: { width: 900, height: 700 },
  });
  const page = await program.newPage();
  const find = async (selector: string) => {
    const found = await page.waitForSelector(selector);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  };
  return {
    goto: (url) => page.goto(url),
    reload: () => page.reload(),
    read: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
    click: async (selector) => (await find(selector)).click(),
    type: async (selector, text) => (await find(selector)).type(text),
    pressEnter: async (selector) => (await find(selector)).press("Enter"),
    close: () => program.close(),
  };
}

/** WebKitGTK has no mode without windows, so it gets a screen that nobody sees. */
async function openWebKit(): Promise<Tab> {
  const folder = mkdtempSync(join(tmpdir(), "suda-webkit-"));
  const start = async (name: string, args: string[], settings: Record<string, string> = {}) => {
    const command: Command = { command: findProgram(name) ?? name, args };
    const logFile = join(folder, `${name}.log`);
    const server = await spawnServer(dieWithParent("TERM", command), {
      logFile,
      env: childEnvironment(settings),
    });
    return { stop: () => server.stop("SIGTERM", 5_000), said: () => readFileSync(logFile, "utf8") };
  };
  const screen = await start("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]);
  await until("a screen", () => /^\d+$/m.test(screen.said()));
  const port = await freePort();
  const DISPLAY = `:${/^\d+$/m.exec(screen.said())?.[0]}`;
  const driver = await start("WebKitWebDriver", [`--port=${port}`], { DISPLAY });
  await until("WebKit's driver", async () => (await fetch(`http://127.0.0.1:${port}/status`)).ok);
  const page = await new Builder()
    .usingServer(`http://127.0.0.1:${port}`)
    .withCapabilities({ browserName: "MiniBrowser" })
    .build();
  await page.manage().window().setRect({ width: 900, height: 800, x: 0, y: 0 });
  const find = (selector: string) => page.wait(when.elementLocated(By.css(selector)), FIND_MS);
  return {
    goto: (url) => page.get(url),
    reload: () => page.navigate().refresh(),
    read: (expression) => page.executeScript(`return ${expression}`),
    click: async (selector) => await find(selector).click(),
    type: async (selector, text) => await find(selector).sendKeys(text),
    pressEnter: async (selector) => await find(selector).sendKeys(Key.ENTER),
    async close() {
      await page.quit();
      await driver.stop();
      await screen.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
