/** The scenes of the pictures. Each begins at the lobby, live, as a guest. */
import type { Visitor } from "../support/browser.ts";
import type { Talk } from "./talk.ts";

type Scene = (visitor: Visitor, talk: Talk, device: { isPhone: boolean }) => Promise<void>;

let guests = 0;

export const SCENES: Record<string, Scene> = {
  "lobby-as-guest": async () => undefined,
  async "sign-up"({ page }) {
    await page.locator(".composer.guest .primary").click();
    await page.locator("input[name=nickname]").waitFor();
  },
  async "log-in"({ page }) {
    await page.locator(".composer.guest .log-in").click();
    await page.locator("input[name=email]").waitFor();
  },
  async "too-long"(visitor) {
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.message.fill("이 말은 서른 글자보다 조금 더 길어서 그대로는 보낼 수 없는 말입니다");
  },
  async lobby(visitor) {
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.say(`저도 왔어요 ${guests}`);
    await visitor.sees(`저도 왔어요 ${guests}`);
  },
  /** The page was opened without a network. Needs `serviceWorkers: "allow"`. */
  async offline(visitor) {
    const { page } = visitor;
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.say(`곧 지하철이에요 ${guests}`);
    await visitor.sees(`곧 지하철이에요 ${guests}`);
    await page.waitForFunction(
      `caches.keys().then(async ([name]) => name && (await (await caches.open(name)).keys()).some(({ url }) => url.includes("on-demand-")))`,
    );
    await page.waitForTimeout(1_500);
    await page.context().setOffline(true);
    await page.reload();
    await page.locator(".offline-note").waitFor();
  },
  async cozy(visitor, _, { isPhone }) {
    const { page } = visitor;
    await visitor.signUp(`손님 ${++guests}`);
    if (isPhone) await page.locator(".sidebar-open").click();
    await page.locator('.choice button[aria-pressed="false"]').nth(2).click();
    if (isPhone) await page.locator(".sidebar-close").click();
    await visitor.say(`말풍선이 좋아요 ${guests}`);
    await visitor.sees(`말풍선이 좋아요 ${guests}`);
  },
};
