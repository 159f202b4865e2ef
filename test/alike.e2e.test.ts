/** A gateway is killed amid everything that people do: all pages show the same afterwards, and so does a page that is opened then. */
import type { Locator } from "playwright-core";
import { expect, test, vi } from "vitest";
import { PASSWORD, type Visitor } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { say } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const PATIENT = { timeout: 30_000 };
const DESK = { viewport: { width: 1_000, height: 1_400 } };
const ROUNDS = 4;
const KILLED_IN = 1;
const NEWS = 3;

const { cluster, come, comeElsewhere } = receiveVisitors({ gateways: 2 });

/** The row of the message of this text, and not a row that quotes it. */
const row = ({ page }: Visitor, text: string): Locator =>
  page.locator(".row").filter({ has: page.locator(".bubble").getByText(text, { exact: true }) });
const entry = ({ page }: Visitor, title: string): Locator =>
  page.locator(".room-item").filter({ has: page.getByText(title, { exact: true }) });
const go = (visitor: Visitor, title: string) => entry(visitor, title).locator(".room-link").click();
const unread = async (visitor: Visitor): Promise<string> =>
  (await entry(visitor, "찻집").locator(".unread-mark").allTextContents()).join();
async function act(visitor: Visitor, text: string, name: string): Promise<void> {
  await visitor.sees(text);
  await row(visitor, text).hover();
  await row(visitor, text).locator(".more").click();
  await visitor.actions.getByRole("button", { name, exact: true }).click();
}
async function reply(visitor: Visitor, to: string, text: string): Promise<void> {
  await act(visitor, to, "답장");
  await visitor.page.locator(".reply-line").waitFor();
  await visitor.say(text);
}
/** Pins, and again if nothing came of it, as a person does. */
async function pin(visitor: Visitor, text: string): Promise<void> {
  const shown = visitor.page.locator(".pinned-text", { hasText: text });
  for (let tries = 0; (await shown.count()) === 0; tries++) {
    expect(tries).toBeLessThan(10);
    await act(visitor, text, "고정");
    await shown.waitFor({ timeout: 3_000 }).catch(() => undefined);
  }
}
async function mention(visitor: Visitor, name: string, text: string): Promise<void> {
  await visitor.message.focus();
  await visitor.page.keyboard.type(`@${name}`);
  await visitor.page.getByRole("option", { name }).click();
  await visitor.page.keyboard.type(text);
  await visitor.page.locator(".send:enabled").waitFor();
  await visitor.page.keyboard.press("Enter");
}
async function logIn(visitor: Visitor, email: string): Promise<void> {
  const { page } = visitor;
  await page.locator(".composer.guest .log-in").click();
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator("#message").waitFor();
  await visitor.isLive();
}
/** A log-in opens another connection, wherever that leads. */
async function moveAwayFrom(other: Visitor, visitor: Visitor): Promise<void> {
  while ((await visitor.gateway()) === (await other.gateway())) {
    await visitor.page.reload();
    await visitor.isLive();
  }
}

/** The room as a page shows it: each row with its quote, mentions and reactions, and what stands around them. */
async function shownBy({ page }: Visitor) {
  const rows = await page.locator(".log [data-seq]").evaluateAll((all) =>
    all.map((one) => ({
      seq: one.getAttribute("data-seq"),
      toMe: one.classList.contains("to-me"),
      author: one.querySelector(".author")?.textContent,
      quote: one.querySelector(".quote")?.textContent,
      text: one.querySelector(".bubble")?.textContent,
      mentions: [...one.querySelectorAll(".mention")].map(({ textContent }) => textContent),
      reactions: [...one.querySelectorAll(".reaction")].map(
        (chip) => `${chip.textContent} ${chip.getAttribute("aria-pressed")}`,
      ),
    })),
  );
  const all = (selector: string) => page.locator(selector).allTextContents();
  return {
    rows,
    notices: await all(".log .system"),
    pinned: await all(".pinned"),
    unread: await all(".unread-mark"),
    waiting: await all(".sending, .failed, .delayed"),
  };
}
/** The part that does not depend on who looks. */
const forAnybody = ({ rows, notices }: Awaited<ReturnType<typeof shownBy>>) => ({
  notices,
  rows: rows.map(({ seq, text, mentions, reactions }) => ({
    ...{ seq, text, mentions },
    reactions: reactions.map((chip) => chip.replace(/ \w+$/, "")),
  })),
});

test("a gateway dies while people react, answer, mention, pin and read on two devices: all pages are alike, and so is a fresh one", async () => {
  const [writer] = await cluster().mint(1);
  const token = writer?.accessToken ?? "";
  await fetch(`${cluster().url}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: "tea", title: "찻집" }),
  });
  const write = async (room: string, ...texts: string[]): Promise<void> => {
    const author = await comeIn(room);
    for (const text of texts) expect(await say(author, text)).toBeTypeOf("number");
    author.close();
  };
  /** Again if the gateway dies with the connection, as any client does. */
  const comeIn = (room: string): ReturnType<typeof enter> =>
    enter(cluster().url, { token, room }).catch(() => enter(cluster().url, { token, room }));
  const minji = await come(DESK);
  const email = await minji.signUp("민지");
  await cluster().command("admin", "grant", email, "moderator");
  const emile = await comeElsewhere(minji, DESK);
  const emailOfEmile = await emile.signUp("에밀");
  const phone = await comeElsewhere(minji, DESK);
  await logIn(phone, email);
  for (const page of [emile, phone]) await moveAwayFrom(minji, page);
  await emile.page.goto(`${cluster().url}/r/tea`);
  await minji.page.goto(`${cluster().url}/r/tea`);
  for (const page of [minji, emile]) {
    await page.isLive();
    await entry(page, "찻집").waitFor();
    await go(page, "로비");
  }
  await entry(phone, "찻집").waitFor();
  const topics = Array.from({ length: ROUNDS }, (_, n) => `주제 ${n}`);
  await write("lobby", ...topics);
  await minji.say("내 말");
  for (const page of [minji, emile, phone]) await page.sees("내 말");

  const ofTheDesk = async (topic: string): Promise<void> => {
    await act(minji, topic, "👍 반응하기");
    await reply(minji, topic, `${topic}에 답`);
    await act(minji, "내 말", "🎉 반응하기");
  };
  const ofThePhone = async (topic: string): Promise<void> => {
    await act(phone, topic, "🔥 반응하기");
    await pin(phone, topic);
    await write("tea", `차 ${topic}`);
    await go(phone, "찻집");
    await phone.sees(`차 ${topic}`);
    await go(phone, "로비");
  };
  const ofEmile = async (topic: string): Promise<void> => {
    await act(emile, topic, "👍 반응하기");
    await mention(emile, "민지", topic);
    await reply(emile, "내 말", `네, ${topic}`);
    await act(emile, topic, "😂 반응하기");
  };
  const doomed = await cluster().find(await phone.gateway());
  const live = async (does: (topic: string) => Promise<void>, isKiller = false): Promise<void> => {
    for (const [round, topic] of topics.entries()) {
      if (isKiller && round === KILLED_IN) process.kill(doomed.pid ?? 0, "SIGKILL");
      await does(topic);
    }
  };
  await Promise.all([live(ofTheDesk), live(ofThePhone), live(ofEmile, true)]);
  // A room that is left in the instant in which a message comes need not have read it.
  await go(phone, "찻집");
  await phone.sees(`차 ${topics.at(-1)}`);
  await expect.poll(() => unread(minji), PATIENT).toBe("");
  await go(phone, "로비");
  await write("tea", ...Array.from({ length: NEWS }, (_, n) => `새 소식 ${n}`));

  const pages = [minji, phone, emile];
  for (const page of pages) await expect.poll(async () => (await shownBy(page)).waiting, PATIENT).toEqual([]);
  const fresh = await come(DESK);
  await logIn(fresh, email);
  const freshEmile = await come(DESK);
  await logIn(freshEmile, emailOfEmile);
  for (const page of [minji, phone, fresh]) await expect.poll(() => unread(page), PATIENT).toBe(`${NEWS}`);
  const alike: [Visitor, Visitor][] = [
    [phone, minji],
    [fresh, minji],
    [freshEmile, emile],
  ];
  for (const [one, other] of alike)
    await vi.waitFor(async () => expect(await shownBy(one)).toEqual(await shownBy(other)), PATIENT);

  // And it is all there, once.
  const { rows, pinned } = await shownBy(minji);
  expect(forAnybody(await shownBy(emile))).toEqual(forAnybody(await shownBy(minji)));
  expect(pinned.join()).toContain(topics.at(-1));
  const said = rows.map(({ text }) => text).sort();
  const expected = topics.flatMap((topic) => [topic, `${topic}에 답`, `@민지 ${topic}`, `네, ${topic}`]);
  expect(said).toEqual([...expected, "내 말"].sort());
  for (const topic of topics) {
    expect(rows.find(({ text }) => text === topic)?.reactions.toSorted()).toEqual(
      ["👍 2 true", "🔥 1 true", "😂 1 false"].sort(),
    );
    expect(rows.find(({ text }) => text === `${topic}에 답`)?.quote).toContain(topic);
  }
  expect(rows.filter(({ toMe }) => toMe)).toHaveLength(2 * ROUNDS);
});
