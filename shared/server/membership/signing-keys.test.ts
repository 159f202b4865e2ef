import { expect, it } from "vitest";
import { fingerprintsOf, fitTogether } from "./signing-keys.ts";

const key = (kid: string, letter = kid) => ({ kid, secret: letter.repeat(32) });
const prints = (...keys: ReturnType<typeof key>[]) => fingerprintsOf(keys);

it("a fingerprint names the key and holds nothing of its secret", () => {
  const [print] = prints(key("a"));
  expect(print).toMatch(/^a:[0-9a-f]{12}$/);
  expect(print).not.toContain("aaaa");
});

it.each([
  ["the same key", prints(key("a")), prints(key("a")), true],
  ["a key was added in front", prints(key("b"), key("a")), prints(key("a")), true],
  ["the old one was dropped", prints(key("b")), prints(key("b"), key("a")), true],
  ["no key in common", prints(key("b")), prints(key("a")), false],
  ["another secret under the same name", prints(key("a", "x")), prints(key("a")), false],
  [
    "one shared, another secret beside it",
    prints(key("a"), key("b", "x")),
    prints(key("a"), key("b")),
    false,
  ],
  ["a process without keys", [], prints(key("a")), true],
])("keys fit or not: %s", (_, ours, theirs, fit) => {
  expect(fitTogether(ours, theirs)).toBe(fit);
  expect(fitTogether(theirs, ours)).toBe(fit);
});
