/** A walk over all screens, on the smallest phone and at a desk: the page holds, whatever is on it. */
import { expect, test, vi } from "vitest";
import type { Visitor } from "./support/browser.ts";
import { createPeople } from "./support/people.ts";
import { faultsOf } from "./support/screens.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PHONE = { viewport: { width: 320, height: 568 }, locale: "en-GB" };
const PATIENT = { timeout: 20_000 };
const LONG_TITLE = "A room whose title is as long as a title may be, which is sixty".slice(0, 60);

const { cluster, come } = receiveVisitors({ gateways: 1, env: { SUDA_ARCHIVE_MS: "200" } });
const people = createPeople(() => cluster().url);

type Found = Record<string, string[]>;
type Walk = (screen: string, arrive: () => Promise<unknown>) => Promise<void>;

function walker(visitor: Visitor, found: Found): Walk {
  return async (screen, arrive) => {
    await arrive();
    found[screen] = await faultsOf(visitor);
  };
}

const clean = (found: Found): Found => Object.fromEntries(Object.keys(found).map((screen) => [screen, []]));
/** That there is no such room, and no network, is told on purpose. */
const isFault = (complaint: string): boolean =>
  !/Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(complaint);
const leave = ({ page }: Visitor): Promise<void> => page.keyboard.press("Escape");

async function lose(visitor: Visitor): Promise<void> {
  await visitor.page.context().setOffline(true);
  await vi.waitFor(async () => expect(await visitor.connection()).not.toBe("live"), PATIENT);
}

test("of a guest", async () => {
  const found: Found = {};
  const guest = await come(PHONE);
  const { page } = guest;
  const walk = walker(guest, found);
  await walk("guest", async () => undefined);
  await walk("rooms", () => page.locator(".sidebar-open").click());
  await leave(guest);
  await walk("log in", () => page.locator(".composer.guest button").click());
  await walk("sign up", () => page.getByRole("tab").nth(1).click());
  await walk("sign up, refused", () => page.locator("form .primary").click());
  await leave(guest);
  await walk("no such room", async () => {
    await page.goto(`${cluster().url}/r/nowhere`);
    await page.getByRole("button", { name: "lobby" }).waitFor();
  });
  await walk("without a connection", () => lose(guest));
  expect(found).toEqual(clean(found));
  expect(guest.complaints.filter(isFault)).toEqual([]);
});

test("of an admin", async () => {
  const found: Found = {};
  const talker = await people.signUp("Somebody else");
  const ada = await come(PHONE);
  const { page, actions } = ada;
  const walk = walker(ada, found);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const dialog = page.locator("dialog[open]");

  const email = await ada.signUp("Ada of the long name");
  await cluster().command("admin", "grant", email, "admin");
  await button("Reported messages").waitFor();
  const { status } = await people.ask("POST /api/rooms", talker, { name: "long", title: LONG_TITLE });
  expect(status).toBe(201);
  await page.goto(`${cluster().url}/r/long`);
  await ada.isLive();
  await walk("an empty room", () => page.getByText("Nothing here yet").waitFor());
  await ada.say("a first word 👋🏽");
  await ada.sees("a first word 👋🏽");
  await walk("a room", async () => undefined);
  await walk("details of the connection", () => page.locator(".pill").click());
  await leave(ada);
  await walk("what can be done with a message", () => ada.unfold("a first word 👋🏽"));
  await walk("whether to delete it", () => ada.askToDelete());
  await leave(ada);
  await actions.waitFor({ state: "detached" });
  for (const name of ["Reported messages", "Room settings"]) {
    await walk(name, async () => {
      await button(name).click();
      await dialog.waitFor();
    });
    await leave(ada);
    await dialog.waitFor({ state: "detached" });
  }
  await walk("one's account", async () => {
    await page.setViewportSize({ width: 1_280, height: 800 });
    await page.locator(".account-own").click();
    await dialog.waitFor();
  });
  await leave(ada);
  await walk("a new room", async () => {
    await page.setViewportSize({ width: 1_280, height: 800 });
    await page.locator(".new-room").click();
    await dialog.waitFor();
  });
  await leave(ada);
  await dialog.waitFor({ state: "detached" });
  await walk("without a connection", () => lose(ada));
  expect(found).toEqual(clean(found));
  expect(ada.complaints.filter(isFault)).toEqual([]);
});
