/** The limits on sockets, connects and messages, and the records of connections. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect, test, vi } from "vitest";
import type { Minted } from "../load-tests/support/commands.ts";
import { CLOSE } from "../shared/codes.ts";
import type { ConnectionsAnswer } from "../shared/http-api.ts";
import { connect, enter } from "./support/client.ts";
import { useCluster } from "./support/use-cluster.ts";

const SLOW = { timeout: 30_000, interval: 250 };
const env = {
  ...{ SUDA_CONNECTIONS_PER_USER: "2", SUDA_FRAME_BURST: "20", SUDA_FRAME_RATE: "1" },
  ...{ SUDA_CONNECTIONS_PER_IP: "10", SUDA_CONNECTS_PER_USER: "20", SUDA_CONNECTS_PER_IP: "60" },
};
const { cluster, user, gateway, gateways } = useCluster({ gateways: 2, limits: true, env }, 6);

const connections = async ({ accessToken }: Minted): Promise<ConnectionsAnswer["connections"]> => {
  const headers = { authorization: `Bearer ${accessToken}` };
  const answer = await fetch(`${cluster().url}/api/me/connections`, { headers });
  return ((await answer.json()) as ConnectionsAnswer).connections;
};

test("one socket more than a user may have is closed with 4409, one that takes over from another is not", async () => {
  const [gateway = ""] = gateways();
  const { accessToken: token } = user(0);
  const first = await enter(gateway, { token });
  const second = await enter(gateway, { token });
  const third = await connect(gateway);
  third.say({ type: "hello", v: 1, token });
  expect(await third.closes()).toBe(CLOSE.tooManyConnections);
  const moved = await connect(gateway);
  moved.say({ type: "hello", v: 1, token, replaces: (await second.sees("welcome")).connection });
  await moved.sees("welcome");
  for (const socket of [first, second, moved]) socket.close();
  await Promise.all([first, second, moved].map((socket) => socket.closes()));
  await enter(gateway, { token });
});

test("guests who fill an address get 4409, and a member there is let in", async () => {
  const [, gateway = ""] = gateways();
  const headers = { "x-real-ip": "192.0.2.8" };
  const come = async (token?: string) => {
    const socket = await connect(gateway, headers);
    socket.say({ type: "hello", v: 1, ...(token ? { token } : {}) });
    return socket;
  };
  const guests = await Promise.all(Array.from({ length: 20 }, () => come()));
  await vi.waitFor(() => expect(guests.filter(({ closed }) => closed !== null)).toHaveLength(10), SLOW);
  expect(guests.map(({ closed }) => closed).filter(Boolean)).toEqual(
    Array(10).fill(CLOSE.tooManyConnections),
  );
  const member = await come(user(4).accessToken);
  await member.sees("welcome");
  for (const socket of [...guests, member]) socket.close();
});

test("a user who connects again and again is told to come later, and leaves one record with a count", async () => {
  const [, gateway = ""] = gateways();
  const { accessToken: token } = user(5);
  const codes: (number | null)[] = [];
  for (let i = 0; i < 40; i++) {
    const socket = await connect(gateway, { "x-real-ip": "192.0.2.10" });
    socket.say({ type: "hello", v: 1, token });
    await socket.until("an answer", () => socket.closed !== null || socket.all("welcome")[0]);
    codes.push(socket.closed);
    socket.close();
    await socket.closes();
  }
  expect(codes.slice(0, 20)).toEqual(Array(20).fill(null));
  expect(codes.slice(20)).toContain(CLOSE.overloaded);
  const welcome = codes.filter((code) => code === null).length;
  await vi.waitFor(async () => {
    const found = await connections(user(5));
    expect(found.map(({ times }) => times)).toEqual([welcome]);
  }, SLOW);
});

test("an address that opens sockets without end gets 429 by name, and other addresses do not", async () => {
  const upgrade = async (ip: string): Promise<IncomingMessage> => {
    const asked = request(`${gateways()[0]}/ws`, {
      headers: {
        ...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
        ...{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "x-real-ip": ip },
      },
    }).end();
    const [answer] = await Promise.race([once(asked, "upgrade"), once(asked, "response")]);
    return answer;
  };
  const answers: IncomingMessage[] = [];
  for (let i = 0; i < 70; i++) answers.push(await upgrade("192.0.2.11"));
  const refused = answers.find(({ statusCode }) => statusCode === 429);
  if (!refused) throw new Error("nobody was refused");
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  const problem = JSON.parse(String((await refused.toArray())[0]));
  expect(problem).toMatchObject({ status: 429, code: "too_many_attempts", retryAfterMs: expect.any(Number) });
  const other = await upgrade("192.0.2.12");
  expect(other.statusCode).toBe(101);
  for (const { socket } of [...answers, other]) socket?.destroy();
});

test("a socket that sends too fast is refused, and closed with 4429 if it goes on", async () => {
  const member = await enter(gateway(0), { token: user(1).accessToken });
  for (let i = 0; i < 30; i++) member.say({ type: "ping", id: i });
  await member.sees("refused", ({ code, retryAfterMs }) => code === "too_fast" && retryAfterMs !== undefined);
  for (let i = 0; i < 200 && member.closed === null; i++) member.say({ type: "ping", id: i });
  expect(await member.closes()).toBe(CLOSE.flooding);
});

test("a connection is remembered with its time, address and program, from its start to its end", async () => {
  const headers = { "user-agent": "Test/1.0", "x-real-ip": "192.0.2.7" };
  const socket = await connect(gateway(1), headers);
  socket.say({ type: "hello", v: 1, token: user(2).accessToken });
  await socket.sees("welcome");
  const [open] = await vi.waitFor(async () => {
    const found = await connections(user(2));
    expect(found.length).toBe(1);
    return found;
  }, SLOW);
  expect(open).toMatchObject({
    ip: "192.0.2.7",
    userAgent: "Test/1.0",
    gateway: "gateway-2",
    disconnectedAt: null,
  });
  expect(Math.abs((open?.connectedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  socket.close();
  await vi.waitFor(async () => {
    const [closed] = await connections(user(2));
    expect(closed?.disconnectedAt).toBeGreaterThanOrEqual(open?.connectedAt ?? 0);
  }, SLOW);
});

test("a connection of a gateway that was killed ends all the same", async () => {
  const socket = await enter(gateway(0), { token: user(3).accessToken });
  await vi.waitFor(async () => expect((await connections(user(3))).length).toBe(1), SLOW);
  const { pid } = await cluster().find("gateway-1");
  if (pid === null) throw new Error("gateway-1 does not run");
  process.kill(pid, "SIGKILL");
  await socket.closes();
  await vi.waitFor(async () => {
    const [closed] = await connections(user(3));
    expect(closed?.disconnectedAt).toEqual(expect.any(Number));
  }, SLOW);
});
