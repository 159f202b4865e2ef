import { uuidv7 } from "uuidv7";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { nicknameKeys } from "../shared/server/identity/nickname-keys.ts";
import { completeNicknames } from "./nickname-skeletons.ts";
import { openTestEnvironment, type TestEnvironment } from "./testing/test-environment.ts";

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await openTestEnvironment();
});
afterAll(() => environment.close());
beforeEach(async () => {
  await environment.sql`delete from users`;
});

const addUser = async (nickname: string, skeleton: string | null = null): Promise<string> => {
  const id = uuidv7();
  await environment.sql`
    insert into users (id, email, email_key, nickname, nickname_key, nickname_skeleton)
    values (${id}, ${id}, ${id}, ${nickname}, ${id}, ${skeleton})`;
  return id;
};
const all = () =>
  environment.sql<{ id: string; nickname: string; look: string | null }[]>`
    select id, nickname, nickname_skeleton as look from users order by id`;
const looks = async (): Promise<(string | null)[]> => (await all()).map(({ look }) => look);
const lookOf = (nickname: string): string => nicknameKeys(nickname).skeleton;

it("names from before are completed with how they look; of two that look alike the older keeps it", async () => {
  await addUser("paul");
  await addUser("раul");
  await addUser("Ida");
  expect(await completeNicknames(environment.sql)).toBe(2);
  expect(await looks()).toEqual([lookOf("paul"), null, lookOf("Ida")]);
  expect(await completeNicknames(environment.sql)).toBe(0);
});

it("a look by older rules is worked out anew, and an older account takes it from a younger one; the names stay", async () => {
  // As gateways of an older release wrote them: without a version, and without collisions among themselves.
  await addUser("ꓮꓓꓟꓲꓠꓗ", "ꓮꓓꓟꓲꓠꓗ");
  await addUser("ADMINK", lookOf("ADMINK"));
  await addUser("thibaud", "thibaud");
  await addUser("thᎥbaud", "thᎥbaud");
  await completeNicknames(environment.sql);
  expect(await looks()).toEqual([lookOf("ADMINK"), null, lookOf("thibaud"), "thᎥbaud"]);
  expect((await all()).map(({ nickname }) => nickname)).toEqual(["ꓮꓓꓟꓲꓠꓗ", "ADMINK", "thibaud", "thᎥbaud"]);
});

it("a name that is given up leaves its look to the next one", async () => {
  const first = await addUser("paul");
  await addUser("раul");
  await completeNicknames(environment.sql);
  await environment.sql`delete from users where id = ${first}`;
  await completeNicknames(environment.sql);
  expect(await looks()).toEqual([lookOf("раul")]);
});

it("while people sign up with the same looks nothing fails and no look is lost", async () => {
  await Promise.all(Array.from({ length: 1_500 }, (_, n) => addUser(`name ${n}`)));
  let taken = 0;
  let running = true;
  const signUps = async (): Promise<void> => {
    for (let n = 0; running || n === 0; n++) {
      try {
        await addUser(`nаme ${n % 1_500}`, lookOf(`name ${n % 1_500}`));
        taken += 1;
      } catch (error) {
        expect((error as { constraint_name?: string }).constraint_name).toBe("users_nickname_skeleton_key");
      }
    }
  };
  const others = [signUps(), signUps()];
  await completeNicknames(environment.sql).finally(() => {
    running = false;
    return Promise.all(others);
  });
  await completeNicknames(environment.sql);
  expect(taken).toBeGreaterThan(0);
  const rows = await all();
  const oldest = new Map<string, string>();
  for (const { id, nickname } of rows) if (!oldest.has(lookOf(nickname))) oldest.set(lookOf(nickname), id);
  expect(oldest.size).toBe(1_500);
  for (const { id, nickname, look } of rows)
    expect(look).toBe(oldest.get(lookOf(nickname)) === id ? lookOf(nickname) : null);
});
