/** The signs of other people in a room, in real browsers: typing and deletions. */
import type { Page } from "playwright-core";
import { describe, expect, test, vi } from "vitest";
import { pressLong } from "./support/browser.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 20_000 };
const TOUCH_PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const TOMBSTONE = "삭제된 메시지입니다.";

const { cluster, come, comeElsewhere } = receiveVisitors({ gateways: 2, limits: true });

describe("taking a message back", () => {
  test("asks once, and leaves everybody a tombstone, also those who come later", async () => {
    const minji = await come();
    await minji.signUp("지우는 이");
    const emile = await comeElsewhere(minji);
    await minji.say("실수한 말");
    await minji.say("남길 말");
    await emile.sees("남길 말");

    await minji.unfold("실수한 말");
    await minji.askToDelete();
    // Nothing has happened yet, and the focused button does nothing.
    await minji.page.keyboard.press("Enter");
    await minji.actions.waitFor({ state: "detached" });
    await expect.poll(async () => (await minji.texts()).slice(-2)).toEqual(["실수한 말", "남길 말"]);
    await minji.unfold("실수한 말");
    await minji.askToDelete();
    await minji.confirm();
    for (const visitor of [minji, emile]) {
      await visitor.page.getByText(TOMBSTONE).waitFor();
      await expect.poll(async () => (await visitor.texts()).slice(-2)).toEqual([TOMBSTONE, "남길 말"]);
    }
    const late = await come();
    await late.sees("남길 말");
    await expect.poll(async () => (await late.texts()).slice(-2)).toEqual([TOMBSTONE, "남길 말"]);
    expect(minji.complaints).toEqual([]);
  });

  test("works with the keyboard alone: one stop of Tab for all messages, arrows between them", async () => {
    const minji = await come({ locale: "en-GB" });
    await minji.signUp("Keyboard");
    for (const text of ["first", "second", "third"]) {
      await minji.say(text);
      await minji.sees(text);
    }
    // A pending message has no actions yet, so the tab stop would be at the previous one.
    await minji.row("third").locator(".more").waitFor({ state: "attached" });
    const { keyboard } = minji.page;
    await keyboard.press("Shift+Tab");
    await keyboard.press("ArrowUp");
    await keyboard.press("Enter");
    await minji.page.getByRole("group", { name: "What to do with this message" }).waitFor();
    await keyboard.press("Escape");
    await minji.actions.waitFor({ state: "detached" });
    await keyboard.press("Enter");
    await minji.actions.waitFor();
    // Behind the others, of which one is there for ten seconds only.
    await expect
      .poll(async () => {
        await keyboard.press("Tab");
        return minji.actions.locator(".grave:focus").count();
      })
      .toBe(1);
    await keyboard.press("Enter");
    await minji.page.getByRole("group", { name: "Delete this for everyone?" }).waitFor();
    await keyboard.press("Shift+Tab");
    await keyboard.press("Enter");
    await vi.waitFor(
      async () =>
        expect((await minji.texts()).slice(-3)).toEqual(["first", "This message was deleted.", "third"]),
      PATIENT,
    );
    // The button went away with its message, and the newest one has the focus now.
    await vi.waitFor(
      async () => expect(await minji.row("third").locator(".more:focus").count()).toBe(1),
      PATIENT,
    );
  });

  test("takes a long press where nothing hovers, on targets for a finger", async () => {
    const minji = await come(TOUCH_PHONE);
    await minji.signUp("손가락");
    await minji.say("길게 누를 말");
    await minji.sees("길게 누를 말");
    await pressLong(minji.page, minji.page.getByText("길게 누를 말"));
    const remove = minji.page.getByRole("button", { name: "삭제" });
    expect((await remove.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    expect(await minji.barriers()).toEqual([]);
    await minji.askToDelete();
    expect(await minji.barriers()).toEqual([]);
    await minji.confirm();
    await vi.waitFor(async () => expect((await minji.texts()).at(-1)).toBe(TOMBSTONE), PATIENT);
  });

  test("is for the author and for moderators: the others are not offered it", async () => {
    const minji = await come();
    await minji.signUp("글쓴이");
    await minji.say("운영자가 볼 말");
    const sumin = await come();
    const email = await sumin.signUp("돌보는 수민");
    await sumin.sees("운영자가 볼 말");
    await sumin.unfold("운영자가 볼 말");
    expect(await sumin.actions.locator(".action:not(.react)").allInnerTexts()).toEqual([
      "답장",
      "복사",
      "신고",
      "1:1 대화",
      "차단",
    ]);

    await cluster().command("admin", "grant", email, "moderator");
    // The open page updates at once, its unfolded actions too.
    await sumin.page.getByText("님의 역할이 바뀌었습니다: 운영자.").waitFor();
    await sumin.askToDelete();
    await sumin.confirm();
    // The message before it is deleted too: they are one line.
    await minji.page.getByText(/삭제된 메시지 \d개/).waitFor();
  });

  test("goes on after a lost connection, by itself", async () => {
    const minji = await come();
    await minji.signUp("끊긴 이");
    await minji.say("끊기기 전");
    await minji.sees("끊기기 전");
    await minji.goOffline();
    await minji.unfold("끊기기 전");
    await minji.askToDelete();
    await minji.confirm();
    await minji.page.getByText("삭제하는 중…").waitFor({ state: "attached" });
    await minji.page.context().setOffline(false);
    await vi.waitFor(async () => expect((await minji.texts()).at(-1)).toBe(TOMBSTONE), PATIENT);
  });
});

describe("typing", () => {
  test("is seen by the others without anything moving, and ends with the message", async () => {
    const minji = await come();
    await minji.signUp("쓰는 민지");
    const emile = await comeElsewhere(minji);
    await emile.signUp("보는 에밀");
    await emile.say("자리 표시");
    await emile.sees("자리 표시");
    const place = await emile.row("자리 표시").boundingBox();

    await minji.message.pressSequentially("안녕");
    const line = emile.page.locator(".typing");
    await line.waitFor();
    await expect.poll(() => line.innerText()).toContain("쓰는 민지");
    expect(await emile.row("자리 표시").boundingBox()).toEqual(place);
    expect(await minji.page.locator(".typing").count()).toBe(0);
    await minji.page.keyboard.press("Enter");
    await emile.sees("안녕");
    expect(await line.count()).toBe(0);
  });

  test("ends by itself when they stop writing", async () => {
    const minji = await come();
    await minji.signUp("망설이는 이");
    const emile = await come();
    await minji.message.pressSequentially("음");
    const line = emile.page.locator(".typing");
    await line.waitFor();
    await line.waitFor({ state: "detached", ...PATIENT });
  });
});

test("lines that come too fast wait in view, and go out in the order written", async () => {
  const [bob, ann] = [await come(), await come()];
  await bob.signUp("Bob quick");
  const lines = ["apples", "bring", "cheer", "dogs", "eat", "figs", "then", "home"];
  for (const line of lines) await bob.say(line);
  await bob.page.locator(".delayed").getByText("뒤에 저절로 보내집니다").first().waitFor();
  await bob.sees("home");
  await ann.sees("home");
  await expect.poll(async () => (await ann.texts()).slice(-lines.length)).toEqual(lines);
  await expect.poll(() => bob.page.locator(".failed, .delayed").count()).toBe(0);
});

test("the button that sends again keeps the focus while it can do nothing, and does it after that", async () => {
  const bob = await come({ locale: "en-GB" });
  let isOver = false;
  await bob.page.routeWebSocket(/\/ws$/, (line) => {
    const server = line.connectToServer();
    line.onMessage((text) => {
      const { type, room, clientId } = JSON.parse(String(text));
      if (type !== "send" || isOver) return server.send(text);
      line.send(JSON.stringify({ type: "refused", code: "too_many", room, clientId, retryAfterMs: 4_000 }));
      isOver = true;
    });
  });
  await bob.page.reload();
  await bob.isLive();
  await bob.signUp("Bob patient");
  await bob.say("once more");
  const again = bob.page.getByRole("button", { name: "Send again" });
  await again.focus();
  await bob.page.keyboard.press("Enter");
  await bob.page.locator(".failed").getByText("Try again in").waitFor();
  await expect.poll(() => bob.page.evaluate("document.activeElement.innerText")).toBe("Send again");
  await bob.page.locator(".failed").getByText("Try again in").waitFor({ state: "detached" });
  await bob.page.keyboard.press("Enter");
  await bob.sees("once more");
  await expect.poll(() => bob.page.evaluate("document.activeElement.tagName")).not.toBe("BODY");
});

/** The names and values of everything that a page stores. */
const keptBy = ({ page }: { page: Page }): Promise<[string, string][]> =>
  page.evaluate("[localStorage, sessionStorage].flatMap((area) => Object.entries(area))");

test("the data of one person in a browser is not there for the next, in any tab and after any way of leaving", async () => {
  const [ann, one] = [await come(), await come({ colorScheme: "light" })];
  await ann.signUp("Ann around");
  await ann.say("hear me");
  const other = await one.page.context().newPage();
  await other.goto(cluster().url);
  const both = [one.page, other];
  const bothShow = (theme: string | null, lang: string, annas: number) =>
    vi.waitFor(
      async () => {
        for (const page of both) {
          const html = page.locator("html");
          const chrome = page.locator('meta[name=theme-color][media="all"]');
          expect([await html.getAttribute("data-theme"), await html.getAttribute("lang")]).toEqual([
            theme,
            lang,
          ]);
          expect(await chrome.getAttribute("content")).toBe(theme === "dark" ? "#17151c" : "#f6f4f1");
          await expect.poll(() => page.getByText("hear me").count()).toBe(annas);
        }
      },
      { timeout: 20_000 },
    );

  await one.page.getByRole("button", { name: "어둡게" }).click();
  await bothShow("dark", "ko", 1);
  const email = await one.signUp("First here");
  await one.page.getByRole("button", { name: "밝게" }).click();
  await one.page.getByRole("button", { name: "English" }).click();
  await one.unfold("hear me");
  await one.page.getByRole("button", { name: "Ignore" }).click();
  await bothShow("light", "en", 0);
  for (const page of both) await page.locator("#message").fill("half a sen");

  await cluster().command("admin", "reset-password", email);
  for (const page of both) await page.locator(".dialog").waitFor();
  await bothShow("dark", "ko", 1);
  await one.page.keyboard.press("Escape");
  await one.signUp("Second here");
  await bothShow("dark", "ko", 1);
  for (const page of both) await expect.poll(() => page.locator("#message").inputValue()).toBe("");
  await one.message.fill("of the second");
  await one.page.reload();
  await one.isLive();
  await expect.poll(() => one.message.inputValue()).toBe("of the second");

  await one.page.locator(".account .quiet").click();
  for (const page of both) await page.locator(".composer.guest").waitFor();
  const kept = [...(await keptBy(one)), ...(await keptBy({ page: other }))];
  const owners = kept.map(
    ([name]) => /^suda:(theme|language|ignored|drafts):(guest|[0-9a-f-]{36})$/.exec(name)?.[2],
  );
  expect(new Set(owners).size).toBe(2);
  expect(owners).not.toContain(undefined);
  expect(JSON.stringify(kept)).not.toContain("of the second");
});
