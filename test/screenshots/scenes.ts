/** The scenes of the pictures. Each begins at the lobby, live, as a guest. */
import type { Visitor } from "../support/browser.ts";
import { enter } from "../support/client.ts";
import { MORE_SCENES } from "./moderating.ts";
import type { Talk } from "./talk.ts";

export type Scene = (visitor: Visitor, talk: Talk, device: { isPhone: boolean }) => Promise<void>;

let guests = 0;

/** Signs up, visits two rooms, and leaves for the lobby; then others talk there. */
async function leaveUnread(visitor: Visitor, { people }: Talk, nickname: string): Promise<void> {
  const { page } = visitor;
  await visitor.signUp(nickname);
  const url = new URL("/", page.url()).href;
  for (const path of ["r/go", "r/music"]) {
    await page.goto(url + path);
    await visitor.isLive();
    await page.locator(".sidebar .choice").first().waitFor({ state: "attached" });
  }
  await page.goto(url);
  await visitor.isLive();
  await page.locator(".sidebar .choice").first().waitFor({ state: "attached" });
  const answer = await fetch(`${url}api/rooms/lobby/people`);
  const present = ((await answer.json()) as { people: { id: string; nickname: string }[] }).people;
  const id = present.find((person) => person.nickname === nickname)?.id ?? "";
  for (const [room, texts] of [
    ["music", ["신청곡 받습니다", "비 오는 날엔 재즈죠", "오늘 첫 곡 나갑니다 🎷"]],
    ["go", [`@${nickname} 정석 봤어요?`]],
  ] as const) {
    const author = await enter(url.slice(0, -1), { token: people[0]?.accessToken ?? "", room });
    for (const text of texts) {
      const clientId = `unread-${crypto.randomUUID()}`;
      author.say({ type: "send", room, clientId, text, mentions: [id] });
      await author.sees("ack", (ack) => ack.clientId === clientId);
    }
    author.close();
  }
  await page.locator(".unread-mark").nth(1).waitFor({ state: "attached" });
}

/** Replies to the message of this text. Without a text of its own the reply is only begun. */
async function answer({ page, row, actions, say, sees }: Visitor, to: string, text: string): Promise<void> {
  await row(to)
    .first()
    .locator(".more")
    .evaluate((button) => button.click());
  await actions.locator("button").first().click();
  await page.locator(".reply-line").waitFor();
  if (text === "") return;
  await say(text);
  await sees(text);
}

export const SCENES: Record<string, Scene> = {
  "lobby-as-guest": async () => undefined,
  /** A guest pressed send, and the door opened. */
  async "guest-sends"({ page }) {
    await page.locator(".guest #message").fill("처음 왔어요, 안녕하세요");
    await page.keyboard.press("Enter");
    await page.locator("input[name=nickname]").waitFor();
  },
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
  /** The list of rooms with unread messages, one of them a mention. */
  async unread(visitor, talk, { isPhone }) {
    await leaveUnread(visitor, talk, `손님 ${++guests}`);
    if (isPhone) await visitor.page.locator(".sidebar-open").click();
  },
  /** A room with messages from before and after the person was there. */
  async "unread-line"(visitor, talk, { isPhone }) {
    await leaveUnread(visitor, talk, `손님 ${++guests}`);
    if (isPhone) await visitor.page.locator(".sidebar-open").click();
    await visitor.page.locator('.room-link[href$="/r/music"]').click();
    await visitor.page.locator(".unread-line").waitFor();
  },
  async settings({ page }, _, { isPhone }) {
    if (isPhone) await page.locator(".sidebar-open").click();
    await page.locator(".brand .icon-button:not(.sidebar-close)").click();
    await page.locator("input[name=density]").first().waitFor();
  },
  async keys({ page }) {
    await page.locator(".people-open").waitFor();
    await page.keyboard.press("Control+/");
    await page.locator(".keys").first().waitFor();
  },
  async switcher({ page }) {
    await page.locator(".people-open").waitFor();
    await page.keyboard.press("Control+k");
    await page.locator(".place").nth(3).waitFor();
  },
  async people(visitor) {
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.page.locator(".people-open").click();
    await visitor.page.locator(".person").nth(5).waitFor();
  },
  async "room-menu"(visitor) {
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.page.locator(".room-buttons [aria-haspopup=dialog]").last().click();
    await visitor.page.locator("input[name=level]").first().waitFor();
  },
  /** The list of rooms, one of which is muted. */
  async "silent-room"(visitor, talk, { isPhone }) {
    await leaveUnread(visitor, talk, `손님 ${++guests}`);
    const { page } = visitor;
    await page.locator(".room-buttons [aria-haspopup=dialog]").last().click();
    await page.locator("input[name=level][value=none]").check({ force: true });
    await page.keyboard.press("Escape");
    if (isPhone) await page.locator(".sidebar-open").click();
    await page.locator(".silent-mark").waitFor({ state: "attached" });
  },
  /** A word that several people said, beside the place of one hit. */
  async search(visitor, _, { isPhone }) {
    const { page } = visitor;
    await visitor.signUp(`손님 ${++guests}`);
    await page.locator(".search-open").click();
    await page.locator(".search input:focus").waitFor();
    await page.keyboard.type("오늘");
    await page.locator(".search-hit").first().waitFor();
    if (isPhone) return;
    await page.keyboard.press("Enter");
    await page.locator(".row[data-marked]").waitFor();
  },
  async "person-card"({ page }) {
    await page.locator(".row .name").first().click();
    await page.locator(".dialog.card").waitFor();
  },
  /** A reply, one to a deleted message, and one that is being written, beside a message that was jumped to. */
  async replying(visitor) {
    const { page, row } = visitor;
    await visitor.signUp(`손님 ${++guests}`);
    await answer(visitor, "그 노래 제목이 뭐였죠?", `검색해 볼게요 ${guests}`);
    await answer(visitor, "yes, from Lisbon", `you are not alone ${guests}`);
    await answer(visitor, `검색해 볼게요 ${guests}`, "");
    await visitor.message.fill("찾았어요!");
    await row(`you are not alone ${guests}`).locator("button.quote").click();
    await page.locator(".row[data-marked]").waitFor();
    await page.waitForTimeout(300);
  },
  async cozy(visitor, _, { isPhone }) {
    const { page } = visitor;
    await visitor.signUp(`손님 ${++guests}`);
    if (isPhone) await page.locator(".sidebar-open").click();
    await page.locator(".brand .icon-button:not(.sidebar-close)").click();
    await page.locator("input[name=density][value=cozy]").check({ force: true });
    await page.keyboard.press("Escape");
    if (isPhone) await page.keyboard.press("Escape");
    await answer(visitor, "이따 봐요", `말풍선이 좋아요 ${guests}`);
  },
  /** A private room with two members, and its members' dialog. */
  async "private-room"(visitor, _, { isPhone }) {
    await makePrivate(visitor, isPhone);
    await visitor.say("여기서만 말해요");
    await visitor.sees("여기서만 말해요");
  },
  async "private-room-empty"(visitor, _, { isPhone }) {
    await makePrivate(visitor, isPhone);
    await visitor.page.locator(".empty .button").waitFor();
  },
  async members(visitor, _, { isPhone }) {
    const { page } = visitor;
    await makePrivate(visitor, isPhone);
    await page.getByRole("button", { name: /^(Members|멤버)/ }).click();
    await page.locator("dialog input[name=nickname]").waitFor();
    await page.locator("dialog .members-part + .button").click();
    await page.locator("dialog input[readonly]").waitFor();
  },
  async "emoji-picker"(visitor) {
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.page.locator(".emoji-open").click();
    await visitor.page.locator(".emoji-grid button").first().waitFor();
  },
  async "emoji-search"(visitor) {
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.page.locator(".emoji-open").click();
    await visitor.page.locator(".emoji-picker .input").fill("사랑");
    await visitor.page.locator(".emoji-grid button").first().waitFor();
  },
  /** Links in a message, in a quote, and the list for a shortcode. */
  async shortcodes(visitor) {
    await visitor.signUp(`손님 ${++guests}`);
    await visitor.say("https://suda.example/길");
    await visitor.sees("https://suda.example/길");
    await visitor.message.fill("");
    await visitor.page.keyboard.type("정말 :hea");
    await visitor.page.getByRole("option").nth(3).waitFor();
  },
  async "private-room-form"(visitor, _, { isPhone }) {
    await visitor.signUp(`손님 ${++guests}`);
    if (isPhone) await visitor.page.locator(".sidebar-open").click();
    await visitor.page.locator(".new-room").click();
    await visitor.page.locator("input[value=private]").check({ force: true });
  },
  async "private-sidebar"(visitor, _, { isPhone }) {
    await makePrivate(visitor, isPhone);
    if (isPhone) await visitor.page.locator(".sidebar-open").click();
  },
  ...MORE_SCENES,
};

async function makePrivate(visitor: Visitor, isPhone: boolean): Promise<void> {
  const { page } = visitor;
  await visitor.signUp(`손님 ${++guests}`);
  if (isPhone) await page.locator(".sidebar-open").click();
  await page.locator(".new-room").click();
  await page.locator("input[value=private]").check({ force: true });
  await page.locator("input[name=name]").waitFor({ state: "detached" });
  await page.locator("input[name=title]").fill("여행 준비");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/r\/p-/);
  await visitor.isLive();
}
