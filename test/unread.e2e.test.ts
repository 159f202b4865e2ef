/** Unread messages in real browsers: a person on two devices, at two gateways, and somebody who writes to them. */
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { PASSWORD, type Visitor } from "./support/browser.ts";
import { connect, enter, type TestClient } from "./support/client.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const { cluster, come, comeElsewhere } = receiveVisitors({
  gateways: 2,
  limits: true,
  env: { SUDA_MESSAGE_BURST: "400" },
});

/** Whether the list of rooms, which scrolls, cuts nothing off the upper side of an element. */
const isWhole = (element: Locator): Promise<boolean> =>
  element.evaluate((each) => {
    const list = each.closest(".rooms");
    return list !== null && each.getBoundingClientRect().top >= list.getBoundingClientRect().top;
  });

/** The entry of a room in the list, in a phone's closed list too. */
const entry = (visitor: Visitor, title: string) =>
  visitor.page.locator(".room-item").filter({ has: visitor.page.getByText(title, { exact: true }) });
const unread = async (visitor: Visitor, title: string): Promise<string> =>
  (await entry(visitor, title).locator(".unread-mark").allTextContents()).join();
const go = (visitor: Visitor, title: string) => entry(visitor, title).locator(".room-link").click();

/** Rooms are followed once the script of on-demand parts has come, and what was before counts as read. */
const isFollowing = ({ page }: Visitor) =>
  page.locator(".sidebar .choice").first().waitFor({ state: "attached" });

/** @returns whether the connections that the page opens from now on follow a room. */
function followsOf({ page }: Visitor) {
  const sent: string[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => void sent.push(payload.toString())),
  );
  return (room: string) =>
    sent.some((frame) => frame.includes('"type":"follow"') && frame.includes(`"${room}"`));
}

/** Goes to a room that is on no list, without leaving the page. */
const goTo = ({ page }: Visitor, room: string) =>
  page.evaluate(`history.pushState(null, "", "/r/${room}"); dispatchEvent(new PopStateEvent("popstate"));`);

async function createRoom(name: string, title: string): Promise<{ author: TestClient; token: string }> {
  const [writer] = await cluster().mint(1);
  const token = writer?.accessToken ?? "";
  await fetch(`${cluster().url}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ name, title }),
  });
  return { author: await enter(cluster().url, { token, room: name }), token };
}
let written = 0;
async function write(author: TestClient, room: string, count: number, mentions?: string[], text?: string) {
  const before = author.all("ack").length;
  for (let n = 0; n < count; n++) {
    const clientId = `w${++written}`;
    author.say({
      type: "send",
      room,
      clientId,
      text: text ?? `${written}번째 말`,
      ...(mentions ? { mentions } : {}),
    });
  }
  await author.until("acknowledgements", () => author.all("ack").length === before + count);
}
async function logIn(visitor: Visitor, email: string): Promise<void> {
  const { page } = visitor;
  await page.locator(".composer.guest .log-in").click();
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator(".composer:not(.guest) #message").waitFor();
  await visitor.isLive();
}
/** The id of the person, by what others see of a message. */
async function idOf(visitor: Visitor): Promise<string> {
  await visitor.say("제가 누구게요");
  const watcher = await connect(cluster().url);
  watcher.say({ type: "hello", v: 1 }, { type: "join", room: "lobby" });
  const found = await watcher.until("the message", () =>
    watcher.messages().find(({ text }) => text === "제가 누구게요"),
  );
  watcher.close();
  return found.user.id;
}

test("messages elsewhere are counted on both devices, and reading on one clears the other; a mention is marked", async () => {
  const { author } = await createRoom("tea", "찻집");
  const minji = await come();
  const email = await minji.signUp("차마시는이");
  const me = await idOf(minji);
  const phone = await comeElsewhere(minji, PHONE);
  await logIn(phone, email);
  await isFollowing(phone);
  const follows = [minji, phone].map(followsOf);
  await minji.page.reload();
  await minji.isLive();
  // A connection leads anywhere.
  do {
    await phone.page.reload();
    await phone.isLive();
  } while ((await phone.gateway()) === (await minji.gateway()));
  await isFollowing(phone);
  await goTo(minji, "tea");
  await entry(minji, "찻집").waitFor();
  // A room that one device was in for the first time is followed by the others without a reload.
  await entry(phone, "찻집").waitFor({ state: "attached" });
  for (const isFollowed of follows)
    await expect.poll(() => isFollowed("tea"), { timeout: 5_000, interval: 50 }).toBe(true);
  await go(minji, "로비");

  await write(author, "tea", 2);
  await write(author, "tea", 1, [me], "@차마시는이 어디예요");
  for (const device of [minji, phone]) {
    await expect.poll(() => unread(device, "찻집"), PATIENT).toBe("3");
    expect(await entry(device, "찻집").locator(".mention-mark").count()).toBe(1);
    const count = device.page.locator(".mention-count");
    expect(await count.getAttribute("data-count")).toBe("1");
    expect(await isWhole(count)).toBe(true);
    await expect.poll(() => device.page.title(), PATIENT).toMatch(/^\(3\) /);
    expect(await device.page.locator('link[rel="icon"]').getAttribute("href")).toMatch(/^data:image\/svg/);
  }
  expect(await entry(minji, "찻집").locator(".room-link").innerText()).toContain("3");
  expect(await minji.barriers()).toEqual([]);

  await go(minji, "찻집");
  await minji.page.locator(".unread-line").waitFor();
  expect(await minji.page.locator(".unread-line").innerText()).toMatch(/부터 새 메시지$/);
  // The line stands right above the first unread message.
  expect(await minji.page.locator(".unread-line + .row").count()).toBe(1);
  await expect.poll(() => unread(phone, "찻집"), { timeout: 3_000, interval: 50 }).toBe("");
  for (const device of [minji, phone])
    await expect.poll(() => device.page.title(), PATIENT).not.toMatch(/^\(/);
  expect(await phone.page.locator('link[rel="icon"]').getAttribute("href")).not.toMatch(/^data:/);

  await go(minji, "로비");
  await write(author, "tea", 1);
  for (const device of [minji, phone]) await expect.poll(() => unread(device, "찻집"), PATIENT).toBe("1");
  await minji.page.keyboard.press("Shift+Escape");
  for (const device of [minji, phone]) await expect.poll(() => unread(device, "찻집"), PATIENT).toBe("");
  expect([minji.complaints, phone.complaints]).toEqual([[], []]);
  author.close();
});

test("a person who was away finds the first unread message by a button, and a reload finds everything read", async () => {
  const { author } = await createRoom("milk", "우유 가게");
  const minji = await come({ locale: "en-GB" });
  await minji.signUp("Away");
  await minji.page.goto(`${cluster().url}/r/milk`);
  await minji.isLive();
  await write(author, "milk", 5);
  await minji.page.locator(".row").nth(4).waitFor();
  await isFollowing(minji);
  await go(minji, "Lobby");
  await write(author, "milk", 120);
  await expect.poll(() => unread(minji, "우유 가게"), PATIENT).toBe("99+");
  await go(minji, "우유 가게");
  const jump = minji.page.getByRole("button", { name: "99+ unread messages" });
  await jump.waitFor();
  expect(await minji.barriers()).toEqual([]);
  await jump.click();
  const line = minji.page.locator(".unread-line:focus");
  await line.waitFor();
  await expect
    .poll(() => line.evaluate((element) => element.getBoundingClientRect().top > 0), PATIENT)
    .toBe(true);
  await jump.waitFor({ state: "detached" });

  await minji.page.reload();
  await minji.isLive();
  await minji.page.locator(".row").last().waitFor();
  await isFollowing(minji);
  await expect.poll(() => unread(minji, "우유 가게")).toBe("");
  expect(await minji.page.locator(".unread-line").count()).toBe(0);
  expect(minji.complaints).toEqual([]);
  author.close();
});
