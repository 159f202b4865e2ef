/** Unread messages against a model, through whatever happens to a room. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { TestEnvironment } from "../worker/testing/test-environment.ts";
import { openFollowingNode } from "./support/following-node.ts";
import { renewLeases } from "./support/room-reader.ts";
import { ME, useFollowing, YOU } from "./support/use-following.ts";

const fixture = useFollowing();
const { node, another, append, remove, notice, archive, lookAll } = fixture;
let environment: TestEnvironment;
beforeAll(() => {
  environment = fixture.environment();
});

/** A model of what is unread, by every event of the room. */
type Said = { seq: number; author: string };
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("say" as const),
      by: fc.constantFrom("me", "you"),
      times: fc.nat(30),
    }),
  },
  fc.record({ kind: fc.constant("delete" as const), which: fc.nat(60) }),
  fc.record({ kind: fc.constant("read" as const), which: fc.nat(60), on: fc.nat(1) }),
  fc.constant({ kind: "notice" as const }),
  fc.constant({ kind: "archive" as const }),
  fc.constant({ kind: "leave" as const }),
  fc.constant({ kind: "look" as const }),
  fc.constant({ kind: "again" as const }),
);

test("in any order of events both devices and a fresh one show what a model counts", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const room = await another();
      await renewLeases(environment);
      const said: Said[] = [];
      let [read, newest] = [0, 0];
      let devices = [node(0).open(ME), node(1).open(ME)];
      for (const each of devices) await each.follow(room);
      for (const one of acts) {
        if (one.kind === "say") {
          for (let n = 0; n < one.times; n++) {
            newest = await append(one.by === "me" ? ME : YOU);
            said.push({ seq: newest, author: one.by });
          }
        } else if (one.kind === "delete") {
          const target = said.at(-1 - one.which);
          if (!target) continue;
          await archive();
          await remove(target.seq);
          said.splice(said.indexOf(target), 1);
        } else if (one.kind === "read") {
          await lookAll();
          const seq = said.at(-1 - one.which)?.seq ?? 1;
          devices[one.on]?.read(room, seq);
          if (newest > 0) read = Math.max(read, seq);
        } else if (one.kind === "notice") await notice();
        else if (one.kind === "archive") await archive();
        else if (one.kind === "leave") {
          await archive();
          await environment.scripts.leave(room, Number.MAX_SAFE_INTEGER);
          break;
        } else if (one.kind === "look") await lookAll();
        else {
          for (const each of [node(0), node(1)]) await each.moves.flush();
          for (const each of devices) each.close();
          devices = [node(0).open(ME), node(1).open(ME)];
          for (const each of devices) await each.follow(room);
        }
      }
      for (const each of [node(0), node(1)]) await each.moves.flush();
      await lookAll();
      const unread = Math.min(100, said.filter(({ seq, author }) => seq > read && author === "you").length);
      const late = said.slice(-128).filter(({ seq, author }) => seq > read && author === "you").length;
      const expected = Math.min(unread, Math.max(late, said.length > 128 ? late : unread), 100);
      await expect
        .poll(() => devices.map((each) => each.unread(room)), { interval: 5 })
        .toEqual([expected, expected]);
      const fresh = await openFollowingNode(environment);
      const socket = fresh.open(ME);
      await socket.follow(room);
      expect(socket.unread(room)).toBe(expected);
      socket.close();
      await fresh.close();
      for (const each of devices) each.close();
    }),
    { numRuns: 40 },
  );
}, 120_000);
