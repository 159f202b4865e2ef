/** Private rooms and direct lines as three people see them, on two gateways: a member, somebody who is invited, and a stranger. */
import { expect, test } from "vitest";
import { connectPostgres } from "../shared/server/postgres/pool.ts";
import { until } from "../shared/until.ts";
import { connect, enter } from "./support/client.ts";
import { createPeople } from "./support/people.ts";
import { receiveVisitors } from "./support/visitors.ts";

const { cluster, come, comeElsewhere } = receiveVisitors({ gateways: 2, env: { SUDA_ARCHIVE_MS: "300" } });
const { ask, signUp } = createPeople(() => cluster().url);
const PAGE = { locale: "en-GB" };

test("a member invites by link and by name; a stranger sees nothing; who is removed is out at once", async () => {
  const ana = await come(PAGE);
  const button = (name: string) => ana.page.getByRole("button", { name, exact: true });
  await ana.signUp("Ana the host");
  await ana.page.locator(".new-room").click();
  await ana.page.getByLabel("Only members").check({ force: true });
  await ana.page.locator("input[name=name]").waitFor({ state: "detached" });
  await ana.page.locator("input[name=title]").fill("Our own garden");
  await ana.page.keyboard.press("Enter");
  await button("Members").waitFor();
  await ana.isLive();
  await ana.say("only for us");
  await ana.sees("only for us");
  const address = new URL(ana.page.url());

  await button("Members").click();
  await button("Make a link").click();
  const link = await ana.page.locator("dialog input[readonly]").inputValue();

  // A guest signs up first, and is in the room then, on the other gateway.
  const bob = await comeElsewhere(ana, PAGE);
  await bob.page.goto(link);
  await bob.page.getByText("Ana the host").waitFor();
  await bob.page.getByRole("button", { name: "Pick a nickname and join" }).click();
  await bob.page.locator("input[name=email]").fill(`${crypto.randomUUID()}@example.com`);
  await bob.page.locator("input[name=password]").fill("a long password 7");
  await bob.page.locator("input[name=nickname]").fill("Bob the invited");
  await bob.page.keyboard.press("Enter");
  await bob.sees("only for us");
  expect(new URL(bob.page.url()).pathname).toBe(address.pathname);
  await bob.say("thanks for the link");
  await ana.page.keyboard.press("Escape");
  await ana.sees("thanks for the link");
  await ana.page.getByText(/Bob the invited\W* joined/).waitFor();
  expect(
    await bob.page.locator(".room-item", { hasText: "Our own garden" }).locator("[role=img]").count(),
  ).toBe(1);

  const eve = await come(PAGE);
  await eve.signUp("Eve from outside");
  await eve.page.goto(address.href);
  await eve.page.getByText("There is no such room").waitFor();
  expect(await eve.page.content()).not.toContain("garden");

  // By name: her page opens the room as soon as the room is in her list.
  await button("Members").click();
  await ana.page.locator("dialog input[name=nickname]").fill("eve FROM outside");
  await ana.page.keyboard.press("Enter");
  await ana.page.getByText("is in the room now").waitFor();
  await eve.page.locator(".room-item", { hasText: "Our own garden" }).waitFor();

  await ana.page.getByRole("button", { name: /Actions for .*Bob/ }).click();
  await ana.page.getByRole("button", { name: "Remove", exact: true }).click();
  await ana.page.locator(".asks .grave").click();
  await bob.page.getByText("You are no longer in").waitFor();
  await until(
    "the room is gone from the list",
    async () => (await bob.page.locator(".room-item", { hasText: "Our own garden" }).count()) === 0,
  );
  expect([...ana.complaints, ...bob.complaints].filter((each) => !/Failed to load/.test(each))).toEqual([]);
}, 120_000);

test("a direct line is opened from a message, has the other's name, and lies apart in the list", async () => {
  const ana = await come(PAGE);
  const bob = await comeElsewhere(ana, PAGE);
  await ana.signUp("Ana who writes");
  await bob.signUp("Bob who answers");
  await bob.say("anybody here?");
  await ana.sees("anybody here?");
  await ana.unfold("anybody here?");
  await ana.actions.getByText("Message", { exact: true }).click();
  await ana.page.getByRole("heading", { name: "Bob who answers" }).waitFor();
  await ana.isLive();
  await ana.say("hello, only you");
  await ana.sees("hello, only you");
  await bob.page.getByRole("heading", { name: "Direct messages" }).waitFor();
  await bob.page.locator(".room-item", { hasText: "Ana who writes" }).locator("a").click();
  await bob.sees("hello, only you");
  expect([...ana.complaints, ...bob.complaints]).toEqual([]);
}, 120_000);

test("sockets of a member who is out leave on every gateway, and nothing more of theirs is accepted", async () => {
  const gateways = await cluster().gateways();
  const [owner, member] = [await signUp(), await signUp()];
  const { body } = await ask("POST /api/rooms", owner, { title: "Short stay", private: true });
  const { name: room } = (body as unknown as { room: { name: string } }).room;
  await ask(`PUT /api/rooms/${room}/members/${member.user.id}`, owner, {});
  const theirs = await Promise.all(gateways.map((at) => enter(at, { token: member.accessToken, room })));
  const host = await enter(gateways[0] ?? "", { token: owner.accessToken, room });
  await ask(`DELETE /api/rooms/${room}/members/${member.user.id}`, owner);
  for (const [n, socket] of theirs.entries()) {
    socket.say({ type: "send", room, clientId: `late-${n}`, text: "still here?" });
    expect((await socket.sees("refused", ({ clientId }) => clientId === `late-${n}`)).code).toBe(
      "no_such_room",
    );
    expect(await socket.sees("closed")).toMatchObject({ room, code: "no_such_room" });
  }
  host.say({ type: "send", room, clientId: "after", text: "now we are alone" });
  await host.sees("message", ({ clientId }) => clientId === "after");
  for (const socket of theirs)
    expect(socket.messages().map(({ clientId }) => clientId)).not.toContain("after");
  const back = await connect(gateways[1] ?? "");
  back.say({ type: "hello", v: 1, token: member.accessToken }, { type: "join", room });
  expect((await back.sees("refused")).code).toBe("no_such_room");
});

test("a closed account leaves though its gateway died right after the commit, and the next owner's page hears of it", async () => {
  const [owner, next] = [await signUp(), await signUp()];
  const { body } = await ask("POST /api/rooms", owner, { title: "Left behind", private: true });
  const { name: room } = (body as unknown as { room: { name: string } }).room;
  await ask(`PUT /api/rooms/${room}/members/${next.user.id}`, owner, {});
  const socket = await enter((await cluster().gateways())[1] ?? "", { token: next.accessToken, room });
  const heard = () => socket.all("own_rooms").length;
  const before = heard();
  // All that is left of a request whose gateway was killed between the commit and everything after it.
  const sql = connectPostgres(cluster().databaseUrl(), { name: "test", max: 1 });
  await sql`update users set closed_at = now() - interval '1 minute' where id = ${owner.user.id}`;
  await sql.end();
  await expect.poll(heard, { timeout: 30_000 }).toBeGreaterThan(before);
  // The first one may be about a room that was visited.
  await expect
    .poll(async () => (await ask(`GET /api/rooms/${room}/members`, next)).body, { timeout: 30_000 })
    .toMatchObject({ you: "owner", members: [{ id: next.user.id, roomRole: "owner" }] });
}, 60_000);
