/** Rooms that are followed on two gateways with one worker: fresh for each test of a file. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { draftDeletion, draftMessage, draftNotice } from "../../shared/server/redis/event-draft.ts";
import { openReadStore, type ReadStore } from "../../shared/server/redis/read-store.ts";
import { archiveRest } from "../../worker/archive.ts";
import { writeReads } from "../../worker/read-positions.ts";
import { openTestEnvironment, type TestEnvironment } from "../../worker/testing/test-environment.ts";
import { type FollowingNode, openFollowingNode } from "./following-node.ts";

export const [ME, YOU] = [randomUUID(), randomUUID()];

/** @returns accessors that work once the tests run. `room()`: one that is new in each test. */
export function useFollowing() {
  let environment: TestEnvironment;
  let nodes: FollowingNode[] = [];
  let room = "";
  let count = 0;

  beforeAll(async () => {
    environment = await openTestEnvironment();
  });
  afterAll(() => environment.close());
  beforeEach(async () => {
    const { redis, sql } = environment;
    await redis.flushall();
    await sql`truncate read_positions`;
    await sql`insert into users (id, nickname) values (${ME}, 'me'), (${YOU}, 'you') on conflict do nothing`;
    await another();
    nodes = [await openFollowingNode(environment), await openFollowingNode(environment)];
  });
  afterEach(async () => {
    for (const node of nodes) expect(node.errors).toEqual([]);
    await Promise.all(nodes.map((node) => node.close()));
  });

  return {
    environment: (): TestEnvironment => environment,
    node: (index: number): FollowingNode => nodes[index] as FollowingNode,
    room: (): string => room,
    another,
    store: (): ReadStore => openReadStore(environment.redis, environment.keys),
    append,
    /** @returns the seq of the last one. */
    async say(author: string, times = 1): Promise<number> {
      let seq = 0;
      for (let n = 0; n < times; n++) seq = await append(author);
      return seq;
    },
    async remove(target: number): Promise<void> {
      const tombstone = `{"type":"message","room":"${room}","seq":${target},"deleted":true}`;
      const draft = draftDeletion({ room, clientId: `d${++count}` }, YOU, target);
      await environment.scripts.delete(draft, { target, any: true, tombstone });
    },
    async notice(): Promise<void> {
      const user = { id: YOU, nickname: "you" };
      const place = { room, clientId: `n${++count}` };
      await environment.scripts.append(draftNotice(place, { code: "slow_mode", user, slowModeMs: 0 }));
    },
    archive: (): Promise<void> => archiveRest(environment.deps, 10_000),
    async lookAll(): Promise<void> {
      for (const node of nodes) await node.look();
    },
    /** The worker's part. */
    write: () => {
      const { redis, keys, deps } = environment;
      const store = openReadStore(redis, keys);
      return writeReads({ store, shards: keys.shards, database: deps.database, limitMs: 5_000 });
    },
  };

  /** Starts another room, which is `room()` from then on. */
  async function another(): Promise<string> {
    room = await environment.startRoom(`follow-${++count}`);
    return room;
  }

  /** Appends a message. @param more fields behind its text. */
  async function append(author: string, more: Record<string, unknown> = {}): Promise<number> {
    const user = { id: author, nickname: "n", role: "user" } as const;
    const draft = draftMessage({ room, clientId: `c${++count}` }, user, "hello");
    const fields = Object.keys(more).length === 0 ? "" : `,${JSON.stringify(more).slice(1, -1)}`;
    const suffix = `${draft.suffix.slice(0, -1)}${fields}}`;
    return (await environment.scripts.append({ ...draft, suffix }))?.seq ?? 0;
  }
}
