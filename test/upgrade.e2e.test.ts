/** Upgrades: this release opens the data of an earlier one, and gateways of both work side by side. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readHistory } from "../load-tests/history.ts";
import type { Minted } from "../load-tests/support/commands.ts";
import type { HistoryAnswer, SessionAnswer } from "../shared/http-api.ts";
import { launchBrowser } from "./support/browser.ts";
import { enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";
import {
  buildPages,
  checkOut,
  FIRST_RELEASE,
  hasRelease,
  RELEASES_BEFORE,
  remove,
  startGateway,
} from "./support/old-release.ts";
import { say } from "./support/people.ts";
import { shareMarks } from "./support/share-marks.ts";

const ROOM = "tea";
const PERSON = { email: "ana@example.com", password: "correct horse", nickname: "Ana of old" };
const SAID = 620;
const AN_HOUR = 3_600_000;

/** One call of the API. */
async function ask(
  url: string,
  call: string,
  more: { body?: unknown; token?: string; cookie?: string } = {},
) {
  const [method = "", path = ""] = call.split(" ");
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(more.token ? { authorization: `Bearer ${more.token}` } : {}),
      ...(more.cookie ? { cookie: more.cookie } : {}),
    },
    ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
  });
  const text = await response.text();
  const cookie = response.headers.getSetCookie().map((each) => each.split(";")[0] ?? "");
  return {
    status: response.status,
    body: text ? (JSON.parse(text) as unknown) : null,
    cookie: cookie.join("; "),
  };
}

describe.skipIf(!hasRelease(FIRST_RELEASE))(`from ${FIRST_RELEASE} to this release`, () => {
  const data = mkdtempSync(join(tmpdir(), "suda-upgrade-"));
  let release = "";
  let cluster: TestCluster;
  let users: Minted[];
  const user = (index: number): Minted => users[index] as Minted;
  /** The state reported by the older release. */
  let before: { history: unknown[]; position: { epoch: string; seq: number }; cookie: string; token: string };

  /** Gives the older release an account, a room, more messages than its log keeps, a deletion, a mute, a role. */
  async function live(old: TestCluster): Promise<typeof before> {
    users = await old.mint(4);
    await old.command("admin", "grant", `${user(3).user.nickname}@suda.invalid`, "admin");
    const signedUp = await ask(old.url, "POST /api/signup", { body: PERSON });
    expect(signedUp.status).toBe(201);
    const token = (signedUp.body as SessionAnswer).accessToken;
    await ask(old.url, "POST /api/rooms", { token, body: { name: ROOM, title: "Tea" } });
    const talker = await enter(old.url, { token: user(0).accessToken, room: ROOM });
    for (let n = 1; n <= SAID; n++) {
      talker.say({ type: "send", room: ROOM, clientId: `old-${n}`, text: `old ${n}` });
      // The older release closes a socket that sends more at once.
      if (n % 100 === 0 || n === SAID) await talker.sees("ack", ({ clientId }) => clientId === `old-${n}`);
    }
    for (const seq of [3, SAID]) talker.say({ type: "delete", room: ROOM, seq, clientId: `gone-${seq}` });
    await talker.sees("ack", ({ clientId }) => clientId === `gone-${SAID}`);
    await ask(old.url, `PUT /api/users/${user(1).user.id}/mute`, {
      token: user(3).accessToken,
      body: { untilMs: Date.now() + AN_HOUR, reason: "loud" },
    });
    const { joined } = await enter(old.url, { room: ROOM });
    const history = await readHistory(old.url, ROOM);
    talker.close();
    return { history, position: { epoch: joined.epoch, seq: joined.head }, cookie: signedUp.cookie, token };
  }

  beforeAll(async () => {
    release = checkOut(FIRST_RELEASE);
    const old = await startCluster({ data, release, gateways: 1 });
    try {
      before = await live(old);
    } finally {
      await old.stop();
    }
    cluster = await startCluster({ data, gateways: 2 });
  });
  afterAll(async () => {
    await cluster?.stop();
    remove(data);
    remove(release);
  });

  test("a data folder opens as it was left: history, deletions, positions, roles and mutes", async () => {
    expect(await readHistory(cluster.url, ROOM)).toEqual(before.history);
    const back = await enter(cluster.url, { token: user(2).accessToken, room: ROOM });
    back.say({ type: "join", room: ROOM, since: before.position });
    const answer = await back.until("the resume", () => back.all("joined")[1]);
    expect(answer).toMatchObject({ recovered: true, events: [] });

    const muted = await enter(cluster.url, { token: user(1).accessToken, room: ROOM });
    expect((await muted.sees("welcome")).restricted).toMatchObject({ reason: "loud" });
    muted.say({ type: "send", room: ROOM, clientId: "muted", text: "still here" });
    expect(await muted.sees("refused")).toMatchObject({ code: "muted" });
    const unmuted = await ask(cluster.url, `DELETE /api/users/${user(1).user.id}/mute`, {
      token: user(3).accessToken,
    });
    expect(unmuted.status).toBe(204);
    for (const client of [back, muted]) client.close();
  });

  test("a logged-in user stays logged in, and the old password opens the account", async () => {
    const refreshed = await ask(cluster.url, "POST /api/refresh", { cookie: before.cookie });
    expect(refreshed.status).toBe(200);
    expect((await ask(cluster.url, "GET /api/me", { token: before.token })).status).toBe(200);
    const { email, password } = PERSON;
    const again = await ask(cluster.url, "POST /api/login", { body: { email, password } });
    expect((again.body as SessionAnswer).user.nickname).toBe(PERSON.nickname);
  });

  test("a gateway of old and those of this release are one chat: one order, nothing lost when the old one dies", async () => {
    const { pid } = await cluster.find("gateway-1");
    const old = await startGateway(release, { beside: pid ?? 0 });
    const [first = "", second = ""] = await cluster.gateways();
    const people = await Promise.all(
      [old.url, first, second].map((url, index) =>
        enter(url, { token: user(index).accessToken, room: ROOM }),
      ),
    );
    const TALK = 150;
    for (let n = 0; n < TALK; n++)
      for (const [index, person] of people.entries())
        person.say({ type: "send", room: ROOM, clientId: `new-${index}-${n}`, text: `${index} ${n}` });
    for (const [index, person] of people.entries())
      await person.sees("ack", ({ clientId }) => clientId === `new-${index}-${TALK - 1}`);

    const seqsOf = (person: (typeof people)[number]) =>
      person
        .messages()
        .flatMap(({ clientId, seq }) => (clientId.startsWith("new-") ? [`${seq} ${clientId}`] : []));
    const all = TALK * people.length;
    for (const person of people) await person.until("everything", () => seqsOf(person).length >= all);
    const [notified = []] = people.map(seqsOf);
    expect(new Set(notified).size).toBe(all);
    for (const person of people) expect(seqsOf(person)).toEqual(notified);

    // The decisions of one release are enforced by the other.
    await ask(first, `PUT /api/users/${user(0).user.id}/mute`, {
      token: user(3).accessToken,
      body: { untilMs: Date.now() + AN_HOUR, reason: "by the new" },
    });
    const [onOld] = people;
    expect(await onOld?.sees("restricted")).toMatchObject({ reason: "by the new" });
    onOld?.say({ type: "send", room: ROOM, clientId: "after-mute", text: "no" });
    expect(await onOld?.sees("refused")).toMatchObject({ code: "muted", clientId: "after-mute" });
    await ask(old.url, `DELETE /api/users/${user(0).user.id}/mute`, { token: user(3).accessToken });

    const position = people[1]?.joined;
    expect(old.ended()).toBe(false);
    old.kill();
    const moved = await enter(second, { token: user(0).accessToken, room: ROOM });
    moved.say({
      type: "join",
      room: ROOM,
      since: { epoch: position?.epoch ?? "", seq: position?.head ?? 0 },
    });
    const answer = await moved.until("the resume", () => moved.all("joined")[1]);
    expect(answer.recovered).toBe(true);
    expect(answer.events.filter(({ type }) => type === "message")).toHaveLength(all);
    const page = await ask(second, `GET /api/rooms/${ROOM}/messages?limit=200`);
    expect((page.body as HistoryAnswer).more).toBe(true);
    expect(
      (await readHistory(second, ROOM)).slice(-all).map(({ seq, clientId }) => `${seq} ${clientId}`),
    ).toEqual(notified);
    for (const person of [...people, moved]) person.close();
  });
});

describe.skipIf(!RELEASES_BEFORE.every(hasRelease))("beside this release", () => {
  const releases = new Map<string, string>();
  const folderOf = (release: string): string => releases.get(release) ?? "";
  let cluster: TestCluster;
  beforeAll(async () => {
    for (const release of RELEASES_BEFORE) releases.set(release, checkOut(release));
    cluster = await startCluster({ gateways: 1 });
  });
  afterAll(async () => {
    await cluster?.stop();
    for (const folder of releases.values()) remove(folder);
  });

  test.each(RELEASES_BEFORE)(
    "a message that is sent again has the seq it had, whether this gateway is asked first or one of %s, also one that starts late",
    async (release) => {
      const [{ accessToken }] = (await cluster.mint(1)) as [Minted];
      const [ours = ""] = await cluster.gateways();
      const room = `again-${release}`;
      await ask(ours, "POST /api/rooms", { token: accessToken, body: { name: room, title: room } });
      const say = async (url: string, clientId: string): Promise<number> => {
        const person = await enter(url, { token: accessToken, room });
        person.say({ type: "send", room, clientId, text: `this is ${clientId}` });
        const { seq } = await person.sees("ack", (ack) => ack.clientId === clientId);
        person.close();
        return seq;
      };
      const [alone, alsoAlone] = [await say(ours, "alone"), await say(ours, "also-alone")];
      const { pid } = await cluster.find("gateway-1");
      const theirs = await startGateway(folderOf(release), { beside: pid ?? 0 });
      try {
        expect(await say(theirs.url, "alone")).toBe(alone);
        const first = await say(theirs.url, "theirs");
        expect(await say(ours, "theirs")).toBe(first);
        const second = await say(ours, "ours");
        expect(await say(theirs.url, "ours")).toBe(second);
        expect(await say(theirs.url, "also-alone")).toBe(alsoAlone);
        if (release === RELEASES_BEFORE.at(-1))
          await shareMarks([ours, theirs.url], accessToken, room, second);
      } finally {
        theirs.kill();
      }
      expect(await say(ours, "theirs")).toBeGreaterThan(alone);
      const ids = (await readHistory(ours, room)).map(({ clientId }) => clientId);
      expect(ids.slice(0, 4)).toEqual(["alone", "also-alone", "theirs", "ours"]);
    },
  );

  test.each(RELEASES_BEFORE)(
    "a page of %s that stays open shows every message in order, whatever else people do",
    async (release) => {
      const pages = buildPages(folderOf(release));
      const [writer, moderator] = (await cluster.mint(2)) as [Minted, Minted];
      await cluster.command("admin", "grant", `${moderator.user.nickname}@suda.invalid`, "moderator");
      const room = `open-${release}`;
      await ask(cluster.url, "POST /api/rooms", {
        token: writer.accessToken,
        body: { name: room, title: room },
      });
      const ana = await enter(cluster.url, { token: writer.accessToken, room });
      const all = async (...words: string[]): Promise<void> => {
        for (const word of words) await say(ana, word);
      };
      await all("before");
      // Older events of each kind are in the room that the page opens.
      const first = ana.messages()[0]?.seq ?? 0;
      const reacted = (count: number) => ana.until("reactions", () => ana.all("reactions").length === count);
      const react = (clientId: string, emoji: string): void =>
        ana.say({ type: "react", room, seq: first, emoji, on: true, clientId });
      react("r1", "👍");
      await reacted(1);
      // The page comes from no address, in the eyes of the browser.
      const browser = await launchBrowser("--disable-features=LocalNetworkAccessChecks");
      try {
        const context = await browser.newContext({ serviceWorkers: "block", locale: "en-GB" });
        await context.route("**/*", async (route) => {
          const { pathname } = new URL(route.request().url());
          if (pathname.startsWith("/api/")) return route.fallback();
          await route.fulfill({ path: join(pages, pathname.includes(".") ? pathname : "/index.html") });
        });
        const page = await context.newPage();
        await page.goto(`${cluster.url}/r/${room}`);
        const texts = () => page.locator(".bubble").allInnerTexts();
        await expect.poll(texts, { timeout: 20_000 }).toEqual(["before"]);
        react("r2", "🔥");
        await reacted(2);
        await ask(cluster.url, `PUT /api/rooms/${room}/pin`, {
          token: moderator.accessToken,
          body: { seq: first },
        });
        await all("between");
        await expect.poll(texts).toEqual(["before", "between"]);
        const { accessToken: token } = moderator;
        const body = { untilMs: Date.now() + AN_HOUR, reason: "loud", removeMessages: true, room };
        expect(
          (await ask(cluster.url, `PUT /api/users/${writer.user.id}/mute`, { token, body })).status,
        ).toBe(204);
        await ana.sees("removed");
        const other = await enter(cluster.url, { token: moderator.accessToken, room });
        await say(other, "afterwards");
        await expect.poll(async () => (await texts()).at(-1)).toBe("afterwards");
        await page.reload();
        await expect.poll(async () => (await texts()).at(-1), { timeout: 20_000 }).toBe("afterwards");
        for (const client of [ana, other]) client.close();
      } finally {
        await browser.close();
      }
    },
  );
});
