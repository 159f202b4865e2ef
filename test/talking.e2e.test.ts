/** What people see of each other in a room, in real browsers: who is writing, and what was taken back. */
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
    // Nothing has happened yet, and what has the focus now does nothing.
    await minji.page.keyboard.press("Enter");
    await minji.actions.waitFor({ state: "detached" });
    expect((await minji.texts()).slice(-2)).toEqual(["실수한 말", "남길 말"]);
    await minji.unfold("실수한 말");
    await minji.askToDelete();
    await minji.confirm();
    for (const visitor of [minji, emile]) {
      await visitor.page.getByText(TOMBSTONE).waitFor();
      expect((await visitor.texts()).slice(-2)).toEqual([TOMBSTONE, "남길 말"]);
    }
    const late = await come();
    await late.sees("남길 말");
    expect((await late.texts()).slice(-2)).toEqual([TOMBSTONE, "남길 말"]);
    expect(minji.complaints).toEqual([]);
  });

  test("works with the keyboard alone: one stop of Tab for all messages, arrows between them", async () => {
    const minji = await come({ locale: "en-GB" });
    await minji.signUp("Keyboard");
    for (const text of ["first", "second", "third"]) {
      await minji.say(text);
      await minji.sees(text);
    }
    const { keyboard } = minji.page;
    await keyboard.press("Shift+Tab");
    await keyboard.press("ArrowUp");
    await keyboard.press("Enter");
    await minji.page.getByRole("group", { name: "What to do with this message" }).waitFor();
    await keyboard.press("Escape");
    await minji.actions.waitFor({ state: "detached" });
    await keyboard.press("Enter");
    await minji.actions.waitFor();
    await keyboard.press("Tab");
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
    expect(await sumin.actions.getByRole("button").allInnerTexts()).toEqual(["복사", "신고", "차단"]);

    await cluster().command("admin", "grant", email, "moderator");
    // The open page knows at once, what is unfolded there too.
    await sumin.page.getByText("님의 역할이 바뀌었습니다: 운영자.").waitFor();
    await sumin.askToDelete();
    await sumin.confirm();
    await vi.waitFor(async () => expect((await minji.texts()).at(-1)).toBe(TOMBSTONE), PATIENT);
  });

  test("goes on after a lost connection, by itself", async () => {
    const minji = await come();
    await minji.signUp("끊긴 이");
    await minji.say("끊기기 전");
    await minji.sees("끊기기 전");
    await minji.page.context().setOffline(true);
    await vi.waitFor(async () => expect(await minji.connection()).toBe("offline"), PATIENT);
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
    expect(await line.innerText()).toContain("쓰는 민지");
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
