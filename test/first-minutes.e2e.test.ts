/** The first minutes of a person: a guest's text is theirs once they are in. */
import { describe, expect, test } from "vitest";
import { PASSWORD, type Visitor } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const ENGLISH = { locale: "en-GB" };
const PHONE = { ...ENGLISH, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const { come, comeElsewhere, cluster } = receiveVisitors({ gateways: 2 });
const people = createPeople(() => cluster().url);

/** The field of a guest. */
const fieldOf = ({ page }: Visitor) => page.locator(".composer.guest #message");
const isInField = ({ page }: Visitor) => page.locator("#message:focus").waitFor();

/** How far the text of the button of an empty room is from the button's middle, px. */
const OFF_MIDDLE = `(() => {
  const button = document.querySelector(".empty .button");
  const text = new Range();
  text.selectNodeContents(button);
  const [inner, outer] = [text.getBoundingClientRect(), button.getBoundingClientRect()];
  return Math.abs(inner.top + inner.bottom - outer.top - outer.bottom) / 2;
})()`;

/** Fills in the form that is open. @returns the e-mail address. */
async function fillIn({ page }: Visitor, nickname: string): Promise<string> {
  const email = `${crypto.randomUUID()}@example.com`;
  await page.locator("input[name=nickname]").fill(nickname);
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(PASSWORD);
  return email;
}

test("the empty lobby of a cluster at home says which gateway one is on, and leads to a second window", async () => {
  const ana = await come(ENGLISH);
  const { page } = ana;
  await page.getByText("Welcome to Suda").waitFor();
  await page.getByText(`You are on ${await ana.gateway()}.`).waitFor();
  expect(await ana.barriers()).toEqual([]);
  expect(await page.evaluate(OFF_MIDDLE)).toBeLessThan(2);
  const opened = page.context().waitForEvent("page");
  await page.getByRole("link", { name: "Open a second window" }).click();
  const second = await opened;
  expect(second.url()).toBe(page.url());
  await second.getByText("You are on gateway").waitFor();
  await second.close();
});

test("the buttons of the door stay under the finger while the sentence above them changes", async () => {
  const ana = await come(ENGLISH);
  const { page } = ana;
  await page.getByText(/people are here now|person is here now/).waitFor();
  const door = page.locator(".composer.guest .primary");
  const before = await door.boundingBox();
  const sockets = await Promise.all(Array.from({ length: 20 }, () => enter(cluster().url)));
  await expect.poll(() => page.locator(".way-in p").innerText()).toMatch(/^2\d people/);
  expect(await door.boundingBox()).toEqual(before);
  for (const socket of sockets) socket.close();
});

test("an empty room of one's own leads to inviting people, and a public one to its link", async () => {
  const ana = await come(ENGLISH);
  const { page } = ana;
  await ana.signUp("Ana alone");
  await page.locator(".new-room").click();
  await page.getByLabel("Only members").check({ force: true });
  await page.locator("input[name=title]").fill("Just us");
  await page.keyboard.press("Enter");
  await page.getByText("Only members see this room.").waitFor();
  expect(await ana.barriers()).toEqual([]);
  await page.getByRole("button", { name: "Invite people" }).click();
  await page.locator("dialog input[name=nickname]").waitFor();

  const owner = await people.signUp("Owner of quiet");
  await people.ask("POST /api/rooms", owner, { name: "quiet", title: "Quiet" });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${cluster().url}/r/quiet`);
  await page.getByRole("button", { name: "Share the link", exact: true }).click();
  await page.locator(".toast").getByText("Copied").waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(`${cluster().url}/r/quiet`);
});

describe("a text that a guest typed", () => {
  test.each([
    ["a desktop", ENGLISH],
    ["a phone", PHONE],
  ])("is sent once after signing up, if they had pressed send: on %s", async (device, options) => {
    const ana = await come(options);
    const other = await comeElsewhere(ana, ENGLISH);
    const text = `hello from ${device}`;
    await fieldOf(ana).fill(text);
    await ana.page.locator(".send").click();
    await ana.page.getByText("Your message is sent as soon as you are in.").waitFor();
    expect(await ana.barriers()).toEqual([]);
    await fillIn(ana, `Ana on ${device}`);
    // Twice, as impatient people do.
    await ana.page.locator("dialog form").evaluate((form) => {
      const { requestSubmit } = form as unknown as { requestSubmit: () => void };
      requestSubmit.call(form);
      requestSubmit.call(form);
    });
    for (const visitor of [ana, other]) await visitor.sees(text);
    await isInField(ana);
    expect(await ana.message.inputValue()).toBe("");
    await ana.say("and a second one");
    await other.sees("and a second one");
    expect((await other.texts()).filter((each) => each === text)).toEqual([text]);
    await ana.page.reload();
    await ana.sees("and a second one");
    expect((await ana.texts()).filter((each) => each === text)).toEqual([text]);
  });

  test("is sent after logging in too, by the keyboard alone", async () => {
    const { user, password } = await people.signUp("Bea of old");
    const bea = await come(ENGLISH);
    const { page } = bea;
    // The focus is nowhere yet: letters find the field.
    await page.keyboard.type("back again");
    await page.keyboard.press("Enter");
    await page.locator("input[name=nickname]:focus").waitFor();
    await page.getByRole("tab", { name: "Sign up" }).focus();
    await page.keyboard.press("ArrowLeft");
    await page.locator("input[name=email]").fill(user.email);
    await page.locator("input[name=password]").fill(password);
    await page.keyboard.press("Enter");
    await bea.sees("back again");
    await isInField(bea);
  });

  test("stays in the field if they had not pressed send, or closed the door since, and is there after a reload", async () => {
    const cleo = await come(ENGLISH);
    const { page } = cleo;
    await fieldOf(cleo).fill("not quite");
    await page.reload();
    await expect.poll(() => fieldOf(cleo).inputValue()).toBe("not quite");
    await page.locator(".send").click();
    await page.locator("input[name=nickname]").waitFor();
    await page.keyboard.press("Escape");
    await isInField(cleo);
    await cleo.signUp("Cleo, who waits");
    await isInField(cleo);
    expect(await cleo.message.inputValue()).toBe("not quite");
    await cleo.say("now then");
    await cleo.sees("now then");
    expect(await cleo.texts()).not.toContain("not quite");
  });

  test("is nobody else's: gone for the next guest, and for the next user of the browser", async () => {
    const dora = await come(ENGLISH);
    const { page } = dora;
    await fieldOf(dora).fill("mine alone");
    await dora.signUp("Dora alone");
    await expect.poll(() => dora.message.inputValue()).toBe("mine alone");
    await page.locator(".account .quiet").click();
    await expect.poll(() => fieldOf(dora).inputValue()).toBe("");
    await dora.signUp("Somebody after Dora");
    await expect.poll(() => dora.message.inputValue()).toBe("");
  });
});

describe("the preview of a link", () => {
  const pageOf = async (path: string): Promise<string> =>
    (await fetch(cluster().url + path, { headers: { "user-agent": "Twitterbot/1.0" } })).text();

  test("names a public room, and nothing of one that is private, archived or gone", async () => {
    const anybody = await people.signUp("Ada of previews");
    await cluster().command("admin", "grant", anybody.user.email, "admin");
    const admin = await people.logIn(anybody);
    const ask = async (line: string, body?: object) => (await people.ask(line, admin, body)).body;
    for (const name of ["seen", "shut"])
      await ask("POST /api/rooms", { name, title: `A <b>${name}</b> room` });
    const made = (await ask("POST /api/rooms", { title: "A secret", private: true })) as unknown;
    const { room } = made as { room: { name: string } };
    expect(await pageOf("/r/shut")).toContain("<title>A &lt;b&gt;shut&lt;/b&gt; room · 수다</title>");
    await ask("DELETE /api/rooms/shut?history=shown");

    const seen = await pageOf("/r/seen");
    expect(seen).toContain('property="og:title" content="A &lt;b&gt;seen&lt;/b&gt; room"');
    expect(seen).toContain(`property="og:url" content="${cluster().url}/r/seen"`);
    const picture = /og:image" content="([^"]+)"/.exec(seen)?.[1] ?? "";
    expect((await fetch(picture)).headers.get("content-type")).toBe("image/png");
    const general = await pageOf("/");
    expect(general).toContain("<title>수다 · Suda</title>");
    for (const name of [room.name, "shut", "none"])
      await expect.poll(() => pageOf(`/r/${name}`)).toBe(general);
  });
});
