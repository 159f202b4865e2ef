/** The page itself: it is never blank, and what it shows is true, whatever befalls it. */
import type { Page, Response } from "playwright-core";
import { describe, expect, test } from "vitest";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };

const { come } = receiveVisitors({ gateways: 1, limits: true });

describe("no screen is ever blank", () => {
  const told = (page: Page) =>
    page.waitForResponse((response) => response.url().endsWith("/api/client-errors"), PATIENT);
  const where = async (answer: Promise<Response>): Promise<string> => {
    const response = await answer;
    expect(response.status()).toBe(204);
    return response.request().postDataJSON().where;
  };
  const joined = {
    type: "joined",
    room: "lobby",
    epoch: "another",
    head: 1,
    stored: 1,
    recovered: false,
    more: false,
  };

  test("in a room whose name is a property of every object drafts are kept like in any other", async () => {
    const minji = await come();
    await minji.signUp("만드는 이");
    await minji.page.locator(".new-room").click();
    await minji.page.locator("input[name=title]").fill("생성자");
    await minji.page.locator("input[name=name]").fill("constructor");
    await minji.page.keyboard.press("Enter");
    await minji.page.getByRole("heading", { name: "생성자" }).waitFor();
    expect(await minji.message.inputValue()).toBe("");
    await minji.message.fill("쓰다 만 말");
    await minji.page.reload();
    await minji.message.waitFor();
    expect(await minji.message.inputValue()).toBe("쓰다 만 말");
    expect(minji.complaints).toEqual([]);
  });

  test("what cannot be drawn is told, to the person and to the cluster, with two ways out", async () => {
    const { page, barriers, listenToLines, isLive } = await come();
    const lines = await listenToLines();
    const answer = told(page);
    const user = { id: "u", nickname: "누구" };
    const event = { type: "message", room: "lobby", seq: 1, at: 1e300, user, clientId: "c", text: "!" };
    await page.locator('.log[aria-busy="false"]').waitFor();
    lines.hears({ ...joined, events: [event] });
    await page.getByRole("heading", { name: "화면에 문제가 생겼습니다" }).waitFor();
    expect(await where(answer)).toBe("screen");
    expect(await barriers()).toEqual([]);
    await page.getByRole("button", { name: "다시 열기" }).click();
    await isLive();
    await page.locator('.log[aria-busy="false"]').waitFor();
    lines.hears({ ...joined, events: [event] });
    await page.getByRole("link", { name: "로비로 가기" }).click();
    await isLive();
  });

  test("what fails in an event or a promise is told, and the page stands", async () => {
    const { page, listenToLines, isLive } = await come();
    const lines = await listenToLines();
    await page.locator('.log[aria-busy="false"]').waitFor();
    const inEvent = told(page);
    lines.hears({ ...joined, events: null });
    await page.locator(".toast").waitFor();
    expect(await where(inEvent)).toBe("event");
    await page.route("**/api/rooms?*", (route) => route.fulfill({ json: { rooms: null } }));
    const inPromise = told(page);
    await page.reload();
    await page.locator(".toast").waitFor();
    expect(await where(inPromise)).toBe("promise");
    await isLive();
  });

  test("a page that cannot begin, or whose scripts do not come, says so", async () => {
    const { page } = await come();
    await page.addInitScript(() => Object.assign(globalThis, { BroadcastChannel: undefined }));
    const atStart = told(page);
    await page.reload();
    await page.getByRole("heading", { name: "화면에 문제가 생겼습니다" }).waitFor();
    expect(await where(atStart)).toBe("start");
    await page.route("**/assets/main-*.js", (route) => route.abort());
    await page.reload();
    await page.evaluate("for (const each of document.getAnimations()) each.finish()");
    await page.getByRole("link", { name: "로비로 가기" }).waitFor();
  });
});
