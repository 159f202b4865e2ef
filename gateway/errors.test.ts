import { expect, test } from "vitest";
import { Refusal } from "./errors.ts";

test("a refusal does not note where it was made, and other errors still do", () => {
  expect(new Refusal("invalid").stack).not.toContain("errors.test.ts");
  expect(new Error("bug").stack).toContain("errors.test.ts");
});
