import { expect, test } from "vitest";
import { createFronts } from "./fronts.ts";

function openCase() {
  const time = { now: 0 };
  const acts: string[] = [];
  const store = { fails: false };
  const act = async (line: string) => {
    if (store.fails) throw new Error("Redis is away");
    acts.push(line);
  };
  const fronts = createFronts(
    {
      keep: (_, ids, until) => (ids.length > 0 ? act(`${ids.join(" ")} until ${until}`) : Promise.resolve()),
      drop: (_, id) => act(`${id} gone`),
    },
    "node",
    () => time.now,
  );
  return { fronts, time, acts: () => acts.splice(0), store };
}

test("a user is in front from the first page to the last, whatever happens in between", async () => {
  const { fronts, acts } = openCase();
  fronts.set("one", "ana", true);
  fronts.set("one", "ana", true);
  fronts.set("two", "ana", true);
  await fronts.flush();
  expect(acts()).toEqual(["ana until 150000"]);
  fronts.set("one", "ana", false);
  await fronts.flush();
  expect(acts()).toEqual([]);
  fronts.set("two", undefined, false);
  fronts.set("two", undefined, false);
  await fronts.flush();
  expect(acts()).toEqual(["ana gone"]);
});

test("guests do not count, and flicker between two beats costs one word", async () => {
  const { fronts, acts } = openCase();
  fronts.set("one", undefined, true);
  for (let i = 0; i < 10; i++) fronts.set("two", "ana", i % 2 === 0);
  await fronts.flush();
  expect(acts()).toEqual(["ana gone"]);
});

test("the word is renewed each minute, and given again after an outage", async () => {
  const { fronts, acts, time, store } = openCase();
  fronts.set("one", "ana", true);
  store.fails = true;
  await expect(fronts.flush()).rejects.toThrow();
  store.fails = false;
  await fronts.flush();
  expect(acts()).toEqual(["ana until 150000"]);
  time.now = 59_999;
  await fronts.flush();
  expect(acts()).toEqual([]);
  time.now = 60_000;
  await fronts.flush();
  expect(acts()).toEqual(["ana until 210000"]);
});

test("a gateway that ends takes its word back", async () => {
  const { fronts, acts } = openCase();
  fronts.set("one", "ana", true);
  fronts.set("two", "ben", true);
  await fronts.flush();
  acts();
  await fronts.leave();
  expect(acts().toSorted()).toEqual(["ana gone", "ben gone"]);
});
