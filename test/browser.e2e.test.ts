/** The client in real browsers, with nginx and three gateways. */
import { describe, expect, test, vi } from "vitest";
import { composeAndEnter } from "./support/browser.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PHONE = { viewport: { width: 390, height: 844 } };
const PATIENT = { timeout: 20_000 };

const { cluster, come, comeElsewhere } = receiveVisitors({ limits: true, env: { SUDA_ARCHIVE_MS: "500" } });

describe("two people on different gateways", () => {
  test("sign up, talk in Korean with emoji, count each other, and see the database catch up", async () => {
    const minji = await come();
    await minji.signUp("민지");
    const emile = await comeElsewhere(minji, { locale: "fr-FR", ...PHONE });
    await emile.signUp("Émile 🐈");

    await minji.say("안녕하세요! 👋🏽");
    await emile.sees("안녕하세요! 👋🏽");
    await emile.say("반가워요 👨‍👩‍👧‍👦🇰🇷");
    await minji.sees("반가워요 👨‍👩‍👧‍👦🇰🇷");

    await minji.sees("안녕하세요! 👋🏽");
    await emile.sees("반가워요 👨‍👩‍👧‍👦🇰🇷");
    await expect
      .poll(async () => (await minji.texts()).slice(-2))
      .toEqual(["안녕하세요! 👋🏽", "반가워요 👨‍👩‍👧‍👦🇰🇷"]);
    await expect.poll(() => emile.texts()).toEqual(await minji.texts());
    await expect.poll(() => emile.page.locator(".theirs .author").last().innerText()).toBe("민지");
    await vi.waitFor(
      async () => expect([await minji.people(), await emile.people()]).toEqual([2, 2]),
      PATIENT,
    );

    await minji.page.locator(".pill").click();
    await minji.page.getByText("모두 저장됨").waitFor();
    expect([...minji.complaints, ...emile.complaints]).toEqual([]);
  });

  test("lose nothing when the gateway of one of them dies", async () => {
    const minji = await come();
    await minji.signUp("민지 2");
    const emile = await comeElsewhere(minji);
    await emile.signUp("Émile 2");
    const { pid } = await cluster().find(await minji.gateway());

    process.kill(pid ?? 0, "SIGKILL");
    await emile.say("아직 거기 있어요?");
    await minji.sees("아직 거기 있어요?");
    await minji.isLive();
    await minji.say("네, 여기 있어요");
    await emile.sees("네, 여기 있어요");
    await expect
      .poll(async () => (await minji.texts()).slice(-2))
      .toEqual(["아직 거기 있어요?", "네, 여기 있어요"]);
  });
});

describe("writing", () => {
  test.each(["macOS", "Windows"] as const)(
    "one Enter ends a Hangul syllable and sends once, with nothing left behind: %s",
    async (system) => {
      const minji = await come();
      await minji.signUp(`글쓴이 ${system}`);
      await minji.message.focus();
      await composeAndEnter(minji.page, system, ["ㅎ", "하", "한"]);
      const mine = minji.page.locator(".mine .bubble");
      await mine.first().waitFor();
      await minji.say("끝");
      await mine.nth(1).waitFor();
      await expect.poll(async () => (await minji.texts()).slice(-2)).toEqual(["한", "끝"]);
      expect(await mine.count()).toBe(2);
      await expect.poll(() => minji.message.inputValue()).toBe("");
    },
  );

  test("counts what people call characters, and sends nothing that is too long or invisible", async () => {
    const minji = await come();
    await minji.signUp("세는 이");
    const send = minji.page.locator(".send");
    /** Types the text, and waits until the page shows its number of characters and whether it can be sent. */
    const why = minji.page.locator(".composer-hint .wrong");
    const write = async (text: string, enabled: boolean, count = ""): Promise<void> => {
      await minji.message.fill(text);
      await vi.waitFor(async () => expect(await send.isEnabled()).toBe(enabled), { timeout: 10_000 });
      if (!enabled) await expect.poll(() => why.first().innerText()).not.toBe("");
      if (count) await expect.poll(() => minji.page.locator(".count").innerText()).toContain(count);
    };
    await write("👨‍👩‍👧‍👦".repeat(30), true, "30/30");
    // The same number of characters, but more than 1 KiB.
    await write("👩🏽‍❤️‍💋‍👨🏿".repeat(30), false, "30/30");
    await write("가".repeat(30), true);
    await write("가".repeat(31), false);
    await write(" \u200b ", false);
    await write(`\u0002둘째\u000b줄 ${`e${"\u0301".repeat(70)}`}${"아".repeat(15)}`, true, "21/30");
    await minji.page.keyboard.press("Enter");
    await vi.waitFor(async () =>
      expect((await minji.texts()).slice(-1)).toEqual([`둘째\n줄 é${"\u0301".repeat(5)}${"아".repeat(15)}`]),
    );
  });

  test("saying the same thing again and again is warned of, then refused, with the time left", async () => {
    const minji = await come();
    await minji.signUp("도배하는 이");
    for (let said = 1; said <= 3; said++) {
      await minji.say("사세요");
      await vi.waitFor(async () =>
        expect(await minji.page.locator('.mine[data-state="sent"]').count()).toBe(said),
      );
    }
    await minji.page.locator(".toast").waitFor();
    await minji.say("사세요");
    await minji.page.locator('.mine[data-state="failed"]').waitFor();
    await expect.poll(() => minji.page.locator(".composer-hint").innerText()).toMatch(/\d+초 남음/);
    await expect.poll(() => minji.message.isDisabled()).toBe(true);
  });

  test("a draft stays with its room", async () => {
    const minji = await come();
    await minji.signUp("방 만드는 이");
    await minji.message.fill("쓰다 만 말");
    await minji.page.locator(".new-room").click();
    await minji.page.locator("input[name=title]").fill("고양이 이야기");
    await minji.page.locator("input[name=name]").fill("cats");
    await minji.page.keyboard.press("Enter");
    await minji.page.getByRole("heading", { name: "고양이 이야기" }).waitFor();
    expect(new URL(minji.page.url()).pathname).toBe("/r/cats");
    await expect.poll(() => minji.message.inputValue()).toBe("");
    await minji.say("첫 야옹");
    await minji.sees("첫 야옹");
    await minji.page.goBack();
    await minji.page.getByRole("heading", { name: "로비" }).waitFor();
    await expect.poll(() => minji.message.inputValue()).toBe("쓰다 만 말");
    await expect.poll(() => minji.texts()).not.toContain("첫 야옹");
  });
});

describe("a session", () => {
  test("survives a reload, and ends in all tabs at once with nothing left on screen", async () => {
    const minji = await come();
    await minji.signUp("돌아온 이");
    await minji.say("다녀올게요");
    await minji.sees("다녀올게요");
    await minji.page.reload();
    await minji.sees("다녀올게요");
    await expect.poll(() => minji.page.locator(".mine .bubble").allInnerTexts()).toEqual(["다녀올게요"]);

    const tab = await minji.page.context().newPage();
    await tab.goto(cluster().url);
    await tab.locator("#message").waitFor();
    await minji.page.locator(".account .quiet").click();
    for (const page of [minji.page, tab]) {
      await page.locator(".composer.guest").waitFor();
      await page.locator(".mine").first().waitFor({ state: "detached" });
    }
    await minji.page.reload();
    await minji.page.locator(".composer.guest").waitFor();
  });

  test("a refused log-in says why, field by field, and leads to the first that is wrong", async () => {
    const { page } = await come({ locale: "en-GB" });
    await page.locator(".composer.guest .log-in").click();
    const [email, password] = [page.locator("input[name=email]"), page.locator("input[name=password]")];
    await email.fill("nobody@example.com");
    await email.press("Enter");
    await page.locator("input[name=password]:focus").waitFor();
    await expect.poll(() => page.locator(".note.wrong").allInnerTexts()).toEqual(["Please fill this in."]);
    await email.fill("");
    await password.press("Enter");
    await page.locator("input[name=email]:focus").waitFor();
    await expect
      .poll(() => page.locator(".note.wrong").allInnerTexts())
      .toEqual(["Please fill this in.", "Please fill this in."]);
    await email.fill("nobody@example.com");
    await password.fill("not the password");
    await password.press("Enter");
    await page.getByText("E-mail or password is wrong.").waitFor();
  });
});

describe("the connection", () => {
  test("lost and found: says so, then shows what was missed once and in order", async () => {
    const minji = await come();
    await minji.signUp("나갔다 온 이");
    const emile = await come();
    await emile.signUp("남은 이");

    await minji.page.context().setOffline(true);
    await vi.waitFor(async () => expect(await minji.connection()).toBe("offline"), PATIENT);
    // Written meanwhile, messages wait for the connection, in their order.
    for (const text of ["잘 가", "아니 잠깐"]) await minji.say(text);
    await expect.poll(() => minji.page.locator('.mine[data-state="pending"]').count()).toBe(2);
    for (const text of ["하나", "둘", "셋"]) {
      await emile.say(text);
      await emile.sees(text);
    }
    await minji.page.context().setOffline(false);
    await minji.sees("셋");
    await minji.isLive();
    const all = ["하나", "둘", "셋", "잘 가", "아니 잠깐"];
    await expect.poll(async () => (await minji.texts()).slice(-5)).toEqual(all);
    await expect.poll(async () => (await emile.texts()).slice(-5)).toEqual(all);
  });

  test("moves when it is asked to: the new line first, then the old one, with nothing lost or seen twice", async () => {
    const emile = await come();
    await emile.signUp("이사 보는 이");
    const minji = await come();
    await minji.signUp("이사하는 이");
    const lines = await minji.listenToLines();

    await emile.say("이사 전");
    await minji.sees("이사 전");
    lines.askToMove();
    for (const text of ["이사 중 하나", "이사 중 둘", "이사 중 셋"]) {
      await emile.say(text);
      await minji.sees(text);
    }
    await vi.waitFor(() => expect(lines.history()).toEqual(["1 opened", "2 opened", "1 closed"]), PATIENT);
    await minji.say("이사 끝");
    await emile.sees("이사 끝");
    await expect
      .poll(async () => (await minji.texts()).slice(-5))
      .toEqual(["이사 전", "이사 중 하나", "이사 중 둘", "이사 중 셋", "이사 끝"]);
    await expect.poll(() => emile.texts()).toEqual(await minji.texts());
  });
});

describe("the page", () => {
  test("speaks the browser's language, and keeps the chosen one and the theme", async () => {
    const { page, complaints } = await come({ locale: "en-US", colorScheme: "light" });
    await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("en");
    await page.getByRole("button", { name: "한국어" }).click();
    await page.getByRole("button", { name: "어둡게" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "로비" }).waitFor();
    await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(complaints).toEqual([]);
  });

  test("leads out of a room that does not exist", async () => {
    const { page } = await come({}, "/r/no-such-room");
    await page.getByRole("button", { name: "로비로 가기" }).click();
    await page.getByRole("heading", { name: "로비" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
  });

  test("in the dark has no barriers that a machine can find, as test/screens.e2e.test.ts shows in the light", async () => {
    const colorScheme = "dark";
    const found: Record<string, string[]> = {};
    const guest = await come({ colorScheme, ...PHONE });
    found.guest = await guest.barriers();
    await guest.page.locator(".sidebar-open").click();
    found.sidebar = await guest.barriers();
    await guest.page.keyboard.press("Escape");
    await guest.page.locator(".composer.guest .log-in").click();
    found.logIn = await guest.barriers();
    await guest.page.getByRole("tab").nth(1).click();
    await guest.page.keyboard.press("Enter");
    await guest.page.locator("form .primary").click();
    found.signUpRefused = await guest.barriers();

    const minji = await come({ colorScheme });
    await minji.signUp("접근성");
    await minji.say("모두를 위한 수다");
    await minji.sees("모두를 위한 수다");
    found.room = await minji.barriers();
    await minji.page.locator(".pill").click();
    found.details = await minji.barriers();
    await minji.page.keyboard.press("Escape");
    await minji.page.locator(".new-room").click();
    found.newRoom = await minji.barriers();
    const clean = Object.fromEntries(Object.keys(found).map((screen) => [screen, []]));
    expect(found).toEqual(clean);
  });
});
