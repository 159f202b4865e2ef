import { expect, it } from "vitest";
import { comesTrue, until } from "./until.ts";

const SHORT = { withinMs: 30, everyMs: 5 };

it("a condition that becomes true resolves, also when its check fails first", async () => {
  let tries = 0;
  const check = () => {
    if (++tries === 1) throw new Error("too early");
    return tries === 3;
  };
  await until("the third try", check, { everyMs: 1 });
  expect(tries).toBe(3);
});

it("a condition that stays false is a time-out with its name and the last error as the cause", async () => {
  expect(await comesTrue(() => false, SHORT)).toBe(false);
  const failing = until("Redis answers", () => Promise.reject(new Error("ECONNREFUSED")), SHORT);
  await expect(failing).rejects.toThrow("Redis answers: not within 0.03 s");
  await expect(failing).rejects.toMatchObject({ cause: { message: "ECONNREFUSED" } });
});
