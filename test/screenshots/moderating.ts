/** Scenes of people who speak to each other, and of those who keep order. Each begins at the lobby, live, as a guest. */
import { PASSWORD, type Visitor } from "../support/browser.ts";
import { enter } from "../support/client.ts";
import { say } from "../support/people.ts";
import type { Scene } from "./scenes.ts";
import type { Talk } from "./talk.ts";

const SAID = "내일 몇 시에 볼까요?";

let members = 0;

/** Signs up, and somebody mentions the visitor; others react to what is said next. @returns the seq of that, and the visitor's account. */
async function beAddressed(visitor: Visitor, talk: Talk) {
  const { page } = visitor;
  const nickname = `새 손님 ${++members}`;
  const email = await visitor.signUp(nickname);
  const { user } = await talk.logInAs(email, PASSWORD);
  const url = new URL(page.url()).origin;
  const [author, ...others] = await Promise.all(
    talk.people.slice(0, 4).map(({ accessToken }) => enter(url, { token: accessToken })),
  );
  if (!author) throw new Error("nobody is there");
  const clientId = `to-${crypto.randomUUID()}`;
  author.say({
    type: "send",
    room: "lobby",
    clientId,
    text: `@${nickname} 오늘 같이 볼래요?`,
    mentions: [user.id],
  });
  const seq = Number(await say(author, `${SAID} ${members}`));
  for (const [at, emoji] of ["👍", "❤️", "😂"].entries())
    for (const other of others.slice(at))
      other.say({ type: "react", room: "lobby", clientId: crypto.randomUUID(), seq, emoji, on: true });
  await page.locator(`[data-seq="${seq}"] .reaction`).nth(2).waitFor();
  for (const each of [author, ...others]) each.close();
  return { seq, user };
}

async function unfold({ page, actions }: Visitor, { seq }: { seq: number }): Promise<void> {
  await page.locator(`[data-seq="${seq}"] .more`).evaluate((button) => button.click());
  await actions.waitFor();
}

/** The same as an admin. */
async function moderate(visitor: Visitor, talk: Talk) {
  const addressed = await beAddressed(visitor, talk);
  await talk.grant(addressed.user.email);
  await visitor.page.getByRole("button", { name: /^(Reported messages|신고된 메시지)/ }).waitFor();
  return addressed;
}

const act = (visitor: Visitor, name: RegExp) => visitor.actions.getByRole("button", { name }).click();

export const MORE_SCENES: Record<string, Scene> = {
  async addressed(visitor, talk) {
    await beAddressed(visitor, talk);
  },
  async actions(visitor, talk) {
    await unfold(visitor, await beAddressed(visitor, talk));
  },
  async mentions(visitor, talk, { isPhone }) {
    const { page } = visitor;
    await beAddressed(visitor, talk);
    if (isPhone) await page.locator(".sidebar-open").click();
    await page.locator(".mentions-open").click();
    await page.locator(".mention-item").first().waitFor();
  },
  async "mention-choices"(visitor) {
    await visitor.signUp(`새 손님 ${++members}`);
    await visitor.message.focus();
    await visitor.page.keyboard.type("@");
    await visitor.page.getByRole("option").nth(3).waitFor();
  },
  async report(visitor, talk) {
    await unfold(visitor, await beAddressed(visitor, talk));
    await act(visitor, /^(Report|신고)/);
    await visitor.page.locator("input[name=reason]").waitFor();
  },
  async pinned(visitor, talk) {
    await unfold(visitor, await moderate(visitor, talk));
    await act(visitor, /^(Pin|고정)/);
    await visitor.page.locator(".pinned").waitFor();
  },
  async person(visitor, talk) {
    await unfold(visitor, await moderate(visitor, talk));
    await act(visitor, /^(Moderate|관리)/);
    await visitor.page.locator("dialog input[name=reason]").waitFor();
  },
  async reports(visitor, talk) {
    const { page } = visitor;
    await unfold(visitor, await moderate(visitor, talk));
    await act(visitor, /^(Report|신고)/);
    await page.locator("input[name=reason]").fill("도배예요");
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^(Reported messages|신고된 메시지)/ }).click();
    await page.locator("dialog .grave").first().waitFor();
  },
  async account(visitor, _, { isPhone }) {
    await visitor.signUp(`새 손님 ${++members}`);
    if (isPhone) await visitor.page.locator(".sidebar-open").click();
    await visitor.page.locator(".account-own").click();
    await visitor.page.locator(".part summary").nth(2).click();
  },
  async "room-settings"(visitor, talk, { isPhone }) {
    await moderate(visitor, talk);
    if (isPhone) await visitor.page.locator(".menu-open").click();
    await visitor.page.getByRole("button", { name: /^(Room settings|대화방 설정)/ }).click();
  },
  async banned(visitor, talk) {
    const { user } = await beAddressed(visitor, talk);
    await talk.ban(user.id);
    await visitor.page.locator(".banned").waitFor();
  },
  async "no-such-room"(visitor) {
    await visitor.page.goto(new URL("/r/nowhere", visitor.page.url()).href);
    await visitor.page.locator('[data-screen="no-such-room"]').waitFor();
  },
  /** More lines than can be read, from somebody who talks until the picture is made. */
  async "fast-room"(visitor, talk) {
    const author = await enter(new URL(visitor.page.url()).origin, {
      token: talk.people[2]?.accessToken ?? "",
      room: "food",
    });
    await visitor.page.goto(new URL("/r/food", visitor.page.url()).href);
    await visitor.isLive();
    for (let i = 0; i < 60 && (await visitor.page.locator(".pause").count()) === 0; i++) {
      for (const dish of ["김치찌개", "냉면", "떡볶이"])
        author.say({
          type: "send",
          room: "food",
          clientId: crypto.randomUUID(),
          text: `${dish} 한 표! ${i}`,
        });
      await visitor.page.waitForTimeout(300);
    }
    author.close();
  },
};
