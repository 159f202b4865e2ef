/** A real Chromium without a screen, with one page in it, for measurements. */
import { accessSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** The one without windows first, because these cost more than the page. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
const CHROMIUM = NAMES.map((name) => `/usr/bin/${name}`);

/** @throws Error if Chromium is not installed. */
export async function openChromium(): Promise<{ browser: Browser; page: Page }> {
  const executablePath = CHROMIUM.find(exists);
  if (!executablePath) throw new Error(`no Chromium: looked for ${CHROMIUM.join(", ")}`);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ locale: "ko-KR", viewport: { width: 1_280, height: 800 } });
  return { browser, page };
}

/** Signs a new user up on the open page. */
export async function signUp(page: Page): Promise<void> {
  await page.locator(".composer.guest .primary").click();
  await page.getByRole("tab").nth(1).click();
  await page.locator("input[name=email]").fill(`${crypto.randomUUID()}@example.com`);
  await page.locator("input[name=password]").fill(crypto.randomUUID());
  await page.locator("input[name=nickname]").fill(`물가 ${crypto.randomUUID().slice(0, 8)}`);
  await page.keyboard.press("Enter");
  await page.locator("#message").waitFor();
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
