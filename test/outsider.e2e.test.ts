/**
 * An outsider's walk: every route and every frame, as a stranger, a guest, a former member and an admin of the cluster, on two
 * gateways. A private room must answer as a room that does not exist. A route or a frame that is not in the tables below does not
 * compile, and does not pass.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Minted } from "../load-tests/support/commands.ts";
import { CLIENT_FRAMES, type ClientFrame, type ClientFrameType } from "../shared/client-frames.ts";
import { ROUTES, type RouteName } from "../shared/http-routes.ts";
import { connect, enter } from "./support/client.ts";
import { startCluster, type TestCluster } from "./support/cluster.ts";

const TITLE = "The secret garden";
const TEXT = "only for us";
const ABSENT = `p-${"z".repeat(26)}`;

/**
 * `hidden`: names a room, and answers as for one that does not exist. `unnamed`: names none, and shows nothing of a private one.
 * `admins`: the code that an admin of the cluster gets all the same.
 */
type Line =
  | { hidden: true; body?: object; admins?: string }
  | { unnamed: true; body?: (names: { room: string; user: string }) => object; keepsSession?: false };
const unnamed: Line = { unnamed: true };
const HIDDEN: Line = { hidden: true };

const ROUTE_LINES: Record<RouteName, Line> = {
  signUp: { unnamed: true, body: () => ({ email: "x", password: "x", nickname: "x" }) },
  logIn: { unnamed: true, body: () => ({ email: "x@example.com", password: "wrong wrong" }) },
  refresh: unnamed,
  logOut: unnamed,
  me: unnamed,
  rename: { unnamed: true, body: () => ({ nickname: "" }) },
  closeAccount: { unnamed: true, body: () => ({ password: "wrong wrong" }) },
  changePassword: { unnamed: true, body: () => ({ current: "wrong wrong", next: "another long one" }) },
  sessions: unnamed,
  endOtherSessions: unnamed,
  endSession: unnamed,
  connections: unnamed,
  mentions: unnamed,
  ownRooms: unnamed,
  pushState: unnamed,
  keepPush: { unnamed: true, body: () => ({ endpoint: "https://10.0.0.1/x", p256dh: "x", auth: "x" }) },
  removePush: unnamed,
  levels: unnamed,
  putLevel: { hidden: true, body: { level: "none" } },
  visitRoom: HIDDEN,
  leaveRoom: HIDDEN,
  rooms: unnamed,
  // A private room's name is taken from nobody: it cannot be asked for.
  createRoom: { unnamed: true, body: ({ room }) => ({ name: room, title: "Mine" }) },
  room: HIDDEN,
  roomTitle: HIDDEN,
  // An admin learns the name from a report, and may remove the room; keeping it with a hidden history is refused.
  closeRoom: { hidden: true, admins: "forbidden" },
  reopenRoom: HIDDEN,
  changeRoom: { hidden: true, body: { title: "Mine" } },
  messages: HIDDEN,
  reactions: HIDDEN,
  reactionsOf: HIDDEN,
  people: HIDDEN,
  search: HIDDEN,
  members: HIDDEN,
  putMember: { hidden: true, body: {} },
  removeMember: HIDDEN,
  invite: { hidden: true, body: {} },
  endInvitations: HIDDEN,
  invitation: unnamed,
  acceptInvitation: unnamed,
  openLine: unnamed,
  report: { hidden: true, body: { reason: "x" } },
  findUser: unnamed,
  person: unnamed,
  // A removal of messages along with it leaves private rooms out.
  mute: { unnamed: true, body: ({ room }) => ({ untilMs: Date.now() + 1, removeMessages: true, room }) },
  unmute: unnamed,
  ban: { unnamed: true, body: ({ room }) => ({ untilMs: Date.now() + 1, removeMessages: true, room }) },
  unban: unnamed,
  setRole: { unnamed: true, body: () => ({ role: "user" }) },
  reports: unnamed,
  pin: HIDDEN,
  putPin: { hidden: true, body: { seq: 1 } },
  removePin: HIDDEN,
  openReports: unnamed,
  handleReport: unnamed,
  actOnReport: { unnamed: true, body: () => ({ act: "dismiss" }) },
  raid: unnamed,
  // Not one that would keep the walkers from writing.
  beginRaid: { unnamed: true, body: () => ({ minutes: 0 }) },
  endRaid: unnamed,
  audit: unnamed,
  clientError: { unnamed: true, body: () => ({ where: "start", name: "Error", at: [] }) },
  lives: unnamed,
  ready: unnamed,
};

type FrameLine = { hidden: (room: string) => ClientFrame } | { unnamed: true };
const clientId = "c1";
const FRAME_LINES: Record<ClientFrameType, FrameLine> = {
  hello: { unnamed: true },
  auth: { unnamed: true },
  join: { hidden: (room) => ({ type: "join", room }) },
  leave: { hidden: (room) => ({ type: "leave", room }) },
  send: { hidden: (room) => ({ type: "send", room, clientId, text: "let me in" }) },
  delete: { hidden: (room) => ({ type: "delete", room, seq: 1, clientId }) },
  react: { hidden: (room) => ({ type: "react", room, seq: 1, emoji: "👍", on: true, clientId }) },
  typing: { hidden: (room) => ({ type: "typing", room }) },
  follow: { hidden: (room) => ({ type: "follow", rooms: [room, "lobby"] }) },
  read: { hidden: (room) => ({ type: "read", room, seq: 1 }) },
  read_all: { unnamed: true },
  front: { unnamed: true },
  ping: { unnamed: true },
};

let cluster: TestCluster;
let gateways: string[] = [];
let owner: Minted;
let victim: Minted;
let [room, token] = ["", ""];
/** Everybody who is not to know of the room; undefined: a guest. */
let outsiders: [string, Minted | undefined][] = [];

async function ask(line: string, by: Minted | undefined, body?: object, at = gateways[0]) {
  const [method = "", path = ""] = line.split(" ");
  const response = await fetch(`${at}${path}`, {
    method,
    headers: {
      ...(by ? { authorization: `Bearer ${by.accessToken}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, text };
}
const json = (text: string) => JSON.parse(text);

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, env: { SUDA_ARCHIVE_MS: "300", SUDA_LIMITS: "off" } });
  gateways = await cluster.gateways();
  const people = (await cluster.mint(6)) as [Minted, Minted, Minted, Minted, Minted, Minted];
  const [one, member, former, stranger, admin, mod] = people;
  [owner, victim] = [one, member];
  await cluster.command("admin", "grant", `${admin.user.nickname}@suda.invalid`, "admin");
  await cluster.command("admin", "grant", `${mod.user.nickname}@suda.invalid`, "moderator");
  room = json((await ask("POST /api/rooms", owner, { title: TITLE, private: true })).text).room.name;
  for (const each of [member, former]) await ask(`PUT /api/rooms/${room}/members/${each.user.id}`, owner, {});
  token = json((await ask(`POST /api/rooms/${room}/invitations`, owner, {})).text).token;
  for (const each of [owner, former]) {
    const client = await enter(gateways[1] ?? "", { token: each.accessToken, room });
    client.say({ type: "send", room, clientId: each.user.id, text: TEXT });
    await client.sees("ack");
    if (each === owner) client.say({ type: "delete", room, seq: 1, clientId: "gone" });
    else client.close();
  }
  await ask(`DELETE /api/rooms/${room}/members/${former.user.id}`, owner);
  outsiders = [
    ["a stranger", stranger],
    ["a guest", undefined],
    ["a former member", former],
    ["a moderator of the cluster", mod],
    ["an admin of the cluster", admin],
  ];
});
afterAll(() => cluster.stop());

/** Nothing by which a stranger could know of the room. */
const hasNothing = (text: string): void => {
  for (const secret of [room, TITLE, TEXT]) expect(text).not.toContain(secret);
};
/** An answer without what differs from one request to the next. */
const told = ({ status, text }: { status: number; text: string }, name: string) => [
  status,
  text.replaceAll(name, "NAME").replace(/"requestId":"[^"]*"/, ""),
];
const names = Object.keys(ROUTE_LINES) as RouteName[];

test("the tables say of every route and frame how it treats private rooms", () => {
  expect(names.sort()).toEqual(Object.keys(ROUTES).sort());
  expect(Object.keys(FRAME_LINES).sort()).toEqual(Object.keys(CLIENT_FRAMES).sort());
  const naming = names.filter((name) => ROUTES[name].path.includes(":room"));
  expect(naming.filter((name) => !("hidden" in ROUTE_LINES[name]))).toEqual([]);
});

describe.each([0, 1, 2, 3, 4])("outsider %i", (index) => {
  const who = (): [string, Minted | undefined] => outsiders[index] as [string, Minted | undefined];

  test.each(names.filter((name) => "hidden" in ROUTE_LINES[name]))(
    "%s answers as for a room that is not there",
    async (name) => {
      const line = ROUTE_LINES[name];
      if (!("hidden" in line)) return;
      const [called, by] = who();
      const { method, path: pattern } = ROUTES[name];
      const at = gateways[index % 2];
      const visit = (to: string) =>
        ask(
          `${method} ${pattern.replace(":room", to).replace(":seq", "1").replace(":user", victim.user.id)}${
            name === "closeRoom" ? "?history=hidden" : ""
          }`,
          by,
          line.body,
          at,
        );
      const [found, missing] = [await visit(room), await visit(ABSENT)];
      if (line.admins !== undefined && called.startsWith("an admin")) {
        expect(json(found.text).code).toBe(line.admins);
        return;
      }
      expect(told(found, room), called).toEqual(told(missing, ABSENT));
      expect(found.status).toBeGreaterThanOrEqual(400);
      hasNothing(found.text.replaceAll(room, ""));
    },
  );

  test.each(
    names.filter((name) => "unnamed" in ROUTE_LINES[name] && !["logOut", "endOtherSessions"].includes(name)),
  )("%s shows nothing of it", async (name) => {
    const line = ROUTE_LINES[name];
    if (!("unnamed" in line)) return;
    const [, by] = who();
    const { method, path: pattern } = ROUTES[name];
    const path = pattern
      .replace(":id", name === "endSession" ? "none" : victim.user.id)
      .replace(":user", victim.user.id)
      .replace(":token", "nonsense");
    const query = name === "rooms" ? "?query=secret&limit=200" : name === "findUser" ? "?nickname=x" : "";
    const body = line.body?.({ room, user: victim.user.id });
    const answer = await ask(`${method} ${path}${query}`, by, body, gateways[index % 2]);
    expect(answer.status).toBeLessThan(500);
    hasNothing(answer.text);
  });

  test.each(Object.keys(FRAME_LINES) as ClientFrameType[])(
    "the frame %s is answered as for a room that is not there",
    async (type) => {
      const line = FRAME_LINES[type];
      if (!("hidden" in line)) return;
      const [called, by] = who();
      const client = await connect(gateways[index % 2] ?? "");
      client.say({ type: "hello", v: 1, rooms: true, ...(by ? { token: by.accessToken } : {}) });
      await client.sees("welcome");
      const answerTo = async (to: string): Promise<string> => {
        const before = client.frames.length;
        client.say(line.hidden(to), { type: "ping", id: to });
        await client.sees("pong", ({ id }) => id === to);
        // The news of one's own rooms come when they come, of whatever one did before.
        const news = new Set(["pong", "rooms", "own_rooms"]);
        const answers = client.frames.slice(before).filter(({ type }) => !news.has(type));
        return JSON.stringify(answers).replaceAll(to, "NAME");
      };
      expect(await answerTo(room), called).toBe(await answerTo(ABSENT));
      hasNothing(
        JSON.stringify(client.frames).replaceAll(`"room":"${room}"`, "").replaceAll(`"id":"${room}"`, ""),
      );
      client.close();
    },
  );
});

test("a stranger waits as long as for a room that is not there", async () => {
  const [, by] = outsiders[0] as [string, Minted];
  // The gateway knows the room and its members.
  await ask(`GET /api/rooms/${room}`, owner);
  const spent = new Map([room, ABSENT].map((name): [string, number[]] => [name, []]));
  for (let n = 0; n < 120; n++) {
    for (const name of n % 2 ? [room, ABSENT] : [ABSENT, room]) {
      const begun = performance.now();
      await ask(`GET /api/rooms/${name}/messages`, by);
      if (n >= 20) spent.get(name)?.push(performance.now() - begun);
    }
  }
  const [found = 0, missing = 0] = [...spent.values()].map((times) => times.sort((a, b) => a - b)[50]);
  expect(Math.abs(found - missing)).toBeLessThan(0.35 * missing + 0.5);
});

test("news of the list of rooms, which everybody hears, do not name it", async () => {
  const [, by] = outsiders[0] as [string, Minted];
  const client = await connect(gateways[1] ?? "");
  client.say({ type: "hello", v: 1, rooms: true, token: by.accessToken });
  await client.sees("welcome");
  await ask(`PATCH /api/rooms/${room}`, owner, { title: `${TITLE} at night`, slowModeMs: 0 });
  await ask("POST /api/rooms", owner, { name: "after-the-change", title: "A public one" });
  await client.sees("rooms", ({ rooms }) => rooms.some(({ name }) => name === "after-the-change"));
  hasNothing(JSON.stringify(client.frames));
  client.close();
});

test("a link shows its holder the title and no more, and lets in nobody by itself", async () => {
  const [, by] = outsiders[0] as [string, Minted];
  const { text } = await ask(`GET /api/invitations/${token}`, by);
  expect(json(text)).toEqual({
    title: expect.stringContaining(TITLE),
    members: 2,
    inviter: owner.user.nickname,
  });
  expect(json((await ask(`GET /api/rooms/${room}`, by)).text).code).toBe("no_such_room");
});
