/** Rooms that a person follows on two devices, through gateways that die. */
import { expect, test } from "vitest";
import type { RoomHead } from "../shared/server-frames.ts";
import { connect, enter, type TestClient } from "./support/client.ts";
import { useCluster } from "./support/use-cluster.ts";

const { cluster, sql, user, gateway } = useCluster({ limits: true, env: { SUDA_MESSAGE_BURST: "200" } }, 3);

const ROOMS = ["tea", "milk"];
const headIn = (client: TestClient, room: string): RoomHead | undefined =>
  client
    .all("heads")
    .flatMap(({ rooms }) => rooms)
    .findLast((head) => head.room === room);
const follows = async (at: number, who: number): Promise<TestClient> => {
  const client = await connect(gateway(at));
  client.say({ type: "hello", v: 1, token: user(who).accessToken }, { type: "follow", rooms: ROOMS });
  await client.sees("heads", ({ all }) => all === true);
  return client;
};
const create = (name: string) =>
  fetch(`${cluster().url}/api/rooms`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${user(0).accessToken}` },
    body: JSON.stringify({ name, title: name }),
  });
let written = 0;
const write = async (author: TestClient, count: number): Promise<number> => {
  const before = author.all("ack").length;
  for (let n = 0; n < count; n++)
    author.say({ type: "send", room: "tea", clientId: `w${++written}`, text: `word ${written}` });
  await author.until("acknowledgements", () => author.all("ack").length === before + count);
  return author.all("ack").at(-1)?.seq ?? 0;
};

test("two people on two gateways, one of them on two devices: unread grows, and what one device reads the other has read within a second", async () => {
  for (const name of ROOMS) expect((await create(name)).status).toBe(201);
  const author = await enter(gateway(0), { token: user(0).accessToken, room: "tea" });
  const devices = [await follows(1, 1), await follows(2, 1)] as const;
  const seq = await write(author, 7);
  for (const device of devices) await device.until("7 unread", () => headIn(device, "tea")?.unread === 7);
  expect(headIn(devices[0], "milk")?.unread).toBe(0);

  devices[0].say({ type: "read", room: "tea", seq: seq - 2 });
  const readAt = performance.now();
  await devices[1].until("the other's read", () => headIn(devices[1], "tea")?.read === seq - 2);
  expect(performance.now() - readAt).toBeLessThan(1_000);
  expect(headIn(devices[1], "tea")?.unread).toBe(2);
  devices[1].say({ type: "read_all" });
  await devices[0].until("all read", () => headIn(devices[0], "tea")?.unread === 0);

  // A person who was nowhere finds the same, also after PostgreSQL has it and Redis has forgotten.
  const table = () => sql()<{ seq: number }[]>`
    select read_positions.seq::float8 as seq from read_positions join rooms on rooms.id = room_id
    where name = 'tea' and user_id = ${user(1).user.id}`;
  await expect.poll(async () => (await table())[0]?.seq, { timeout: 20_000 }).toBeGreaterThanOrEqual(seq);
  for (const client of [author, ...devices]) client.close();
});

test("a gateway that is killed amid reading takes nothing back: what was read there is read on the other device and afterwards", async () => {
  const author = await enter(gateway(0), { token: user(0).accessToken, room: "tea" });
  const devices = [await follows(1, 2), await follows(2, 2)] as const;
  await write(author, 5);
  await devices[0].until("5 unread", () => headIn(devices[0], "tea")?.unread === 5);
  const seq = headIn(devices[0], "tea")?.head ?? 0;
  devices[0].say({ type: "read", room: "tea", seq });
  const { pid } = await cluster().find("gateway-2");
  process.kill(Number(pid), "SIGKILL");
  await devices[0].closes();
  await write(author, 2);
  // The client's repeat.
  const again = await follows(0, 2);
  again.say({ type: "read", room: "tea", seq });
  for (const device of [again, devices[1]])
    await device.until(
      "2 unread",
      () => headIn(device, "tea")?.unread === 2 && headIn(device, "tea")?.read === seq,
    );
  const reads = devices[1]
    .all("heads")
    .flatMap(({ rooms }) => rooms.filter(({ room }) => room === "tea").map(({ read }) => read));
  expect(reads).toEqual([...reads].sort((a, b) => a - b));
  for (const client of [author, again, devices[1]]) client.close();
});

test("a room that does not exist is not followed, and what is read there is refused", async () => {
  const client = await connect(gateway(0));
  client.say(
    { type: "hello", v: 1, token: user(1).accessToken },
    { type: "follow", rooms: ["tea", "no-such-room"] },
    { type: "read", room: "no-such-room", seq: 3 },
  );
  const heads = await client.sees("heads");
  expect(heads.rooms.map(({ room }) => room)).toEqual(["tea"]);
  expect(await client.sees("refused")).toMatchObject({ code: "not_joined", room: "no-such-room" });
  client.close();
});
