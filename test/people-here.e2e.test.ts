/** The list of people in a room, and the card of one, in real browsers on two gateways. */
import { expect, test, vi } from "vitest";
import type { Visitor } from "./support/browser.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const DESK = { locale: "en-GB", viewport: { width: 1_280, height: 800 } };
const PHONE = { locale: "en-GB", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const house = receiveVisitors({ gateways: 2, limits: false });

async function pair(): Promise<[Visitor, Visitor]> {
  const ana = await house.come(DESK);
  const bob = await house.comeElsewhere(ana, DESK);
  return [ana, bob];
}

const names = ({ page }: Visitor) => page.locator(".person-name").allInnerTexts();
const card = ({ page }: Visitor) => page.locator(".dialog.card");
const focused = ({ page }: Visitor) => page.evaluate("document.activeElement.innerText");
const act = (visitor: Visitor, name: string) => card(visitor).getByRole("button", { name, exact: true });

test("the panel shows who is here, live, is found by first consonants, and stays open over a reload", async () => {
  const [ana, bob] = await pair();
  const email = await ana.signUp("Ana of here");
  await house.cluster().command("admin", "grant", email, "moderator");
  await ana.page.locator(".people-open").click();
  await expect.poll(() => names(ana), PATIENT).toEqual(["Ana of here"]);
  await expect.poll(() => ana.page.locator(".people-rest").innerText(), PATIENT).toBe("1 guest");
  await expect.poll(() => ana.page.locator(".person .badge").innerText()).toBe("Moderator");
  await bob.signUp("하늘");
  await expect.poll(() => names(ana), PATIENT).toEqual(["Ana of here", "하늘"]);
  await ana.page.getByRole("searchbox", { name: "Filter by name" }).fill("ㅎㄴ");
  await expect.poll(() => names(ana)).toEqual(["하늘"]);
  expect(await ana.barriers()).toEqual([]);
  await ana.page.reload();
  await ana.isLive();
  await expect.poll(() => names(ana), PATIENT).toEqual(["Ana of here", "하늘"]);
  await bob.close();
  await expect.poll(() => names(ana), PATIENT).toEqual(["Ana of here"]);
  await ana.page.getByRole("button", { name: "Close", exact: true }).click();
  await expect.poll(() => ana.page.locator(".panel").count()).toBe(0);
});

test("a card opens at a name in the conversation, by keyboard alone, mentions, and gives the focus back", async () => {
  const [ana, bob] = await pair();
  await ana.signUp("Ana with keys");
  await bob.signUp("Bob of card");
  await bob.say("hello there");
  await ana.sees("hello there");
  await ana.message.fill("well");
  // From the field back to the list, and from the message to its author.
  await ana.page.locator(".row .more").last().focus();
  await ana.page.keyboard.press("ArrowLeft");
  expect(await focused(ana)).toBe("Bob of card");
  await ana.page.keyboard.press("Enter");
  await card(ana).waitFor();
  expect(await ana.barriers()).toEqual([]);
  await ana.page.keyboard.press("Escape");
  await card(ana).waitFor({ state: "detached" });
  expect(await focused(ana)).toBe("Bob of card");
  await ana.page.keyboard.press("Enter");
  await act(ana, "Mention").press("Enter");
  await expect.poll(() => ana.message.inputValue()).toBe("well @Bob of card ");
  await ana.page.keyboard.type("hi");
  expect(await ana.message.inputValue()).toBe("well @Bob of card hi");
});

test("one ignores a person from the list, and sees them again from there", async () => {
  const [ana, bob] = await pair();
  await ana.signUp("Ana the calm");
  await bob.signUp("Bob the loud");
  await bob.say("LOUD");
  await ana.sees("LOUD");
  await ana.page.locator(".people-open").click();
  const person = ana.page.locator(".person", { hasText: "Bob the loud" });
  await person.click();
  await act(ana, "Ignore").click();
  await ana.page.locator(".bubble").getByText("LOUD").waitFor({ state: "detached" });
  await person.getByText("ignored").waitFor();
  await person.click();
  await act(ana, "Stop ignoring").click();
  await ana.sees("LOUD");
  await person.click();
  await act(ana, "Report their newest message").click();
  await ana.page.locator("input[name=reason]").fill("too loud");
  await ana.page.keyboard.press("Enter");
  await ana.page.getByText("The moderators will look at it.").waitFor();
});

test("on a phone both are sheets within the window, and the own card leads to the account", async () => {
  const ana = await house.come(PHONE);
  await ana.signUp("Ana of phone");
  await ana.page.locator(".people-open").tap();
  await ana.page.locator(".person", { hasText: "Ana of phone" }).tap();
  const box = await card(ana).boundingBox();
  expect([box?.x, box?.width, Math.round((box?.y ?? 0) + (box?.height ?? 0))]).toEqual([0, 390, 844]);
  await act(ana, "Your account").tap();
  await ana.page.locator("dialog[data-screen=account]").waitFor();
});

test("on a phone the back button closes what is above the page, leaves no entry behind, and then leads to the room before", async () => {
  const [owner] = await house.cluster().mint(1);
  await fetch(`${house.cluster().url}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${owner?.accessToken}` },
    body: JSON.stringify({ name: "tea", title: "Tea" }),
  });
  const ana = await house.come(PHONE);
  await ana.signUp("Ana who goes back");
  const { page } = ana;
  await page.goto(`${house.cluster().url}/r/tea`);
  await ana.isLive();
  const isMarked = () => page.evaluate("history.state?.layer === true");
  const path = () => new URL(page.url()).pathname;
  const people = page.locator("dialog[data-screen=people]");
  const openPeople = async () => {
    await page.locator(".people-open").tap();
    await people.waitFor();
    await expect.poll(isMarked).toBe(true);
  };

  await openPeople();
  await page.locator(".person", { hasText: "Ana who goes back" }).tap();
  await card(ana).waitFor();
  await page.goBack();
  await card(ana).waitFor({ state: "detached" });
  await openPeople();
  await people.getByRole("button", { name: "Close", exact: true }).tap();
  await expect.poll(isMarked).toBe(false);
  await page.goForward();
  await expect.poll(isMarked).toBe(false);
  expect([await people.count(), path()]).toEqual([0, "/r/tea"]);

  const sidebar = page.locator(".sidebar:popover-open");
  await page.locator(".sidebar-open").tap();
  await sidebar.waitFor();
  await expect.poll(isMarked).toBe(true);
  await page.goBack();
  await sidebar.waitFor({ state: "detached" });
  await page.locator(".sidebar-open").tap();
  await expect.poll(isMarked).toBe(true);
  await sidebar.locator(".room-link", { hasText: "Lobby" }).tap();
  await sidebar.waitFor({ state: "detached" });
  expect([path(), await isMarked()]).toEqual(["/", false]);
  await page.goBack();
  await expect.poll(path).toBe("/r/tea");
  expect([await isMarked(), ana.complaints]).toEqual([false, []]);
});

test("the name in a notice leads to the person, and moderators find their acts there", async () => {
  const [ana, bob] = await pair();
  const email = await ana.signUp("Ana who moderates");
  await house.cluster().command("admin", "grant", email, "moderator");
  await bob.signUp("Bob renamed");
  await ana.page.getByRole("button", { name: "Room settings" }).waitFor();
  await bob.page.locator(".account-own").click();
  await bob.page.locator("input[name=nickname]").fill("Bob anew");
  await bob.page.keyboard.press("Enter");
  await ana.page.locator(".system .name", { hasText: "Bob anew" }).click();
  await act(ana, "Moderate").click();
  await ana.page.locator("dialog[data-screen=person] h2").getByText("Bob anew").waitFor();
});

test("the link of the room is copied", async () => {
  const ana = await house.come({ ...DESK, permissions: ["clipboard-read", "clipboard-write"] });
  await ana.page.getByRole("button", { name: "Share the link to this room" }).click();
  await ana.page.locator(".toast").getByText("Copied.").waitFor();
  const link = await ana.page.evaluate("navigator.clipboard.readText()");
  await vi.waitFor(() => expect(link).toBe(`${house.cluster().url}/`));
});
