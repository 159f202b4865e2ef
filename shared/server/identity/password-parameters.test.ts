import { expect, test } from "vitest";
import { ARGON2, isWeakerHash } from "./password-parameters.ts";

test("passwords are hashed at least as OWASP recommends: 19 MiB, two passes", () => {
  expect(ARGON2.memoryCost).toBeGreaterThanOrEqual(19_456);
  expect(ARGON2.timeCost).toBeGreaterThanOrEqual(2);
});

test.each([
  ["$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA", false],
  ["$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA", false],
  ["$argon2id$v=19$m=19455,t=2,p=1$c2FsdA$aGFzaA", true],
  ["$argon2id$v=19$m=65536,t=1,p=1$c2FsdA$aGFzaA", true],
  ["$argon2i$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", true],
  ["something else", true],
])("whether %s is weaker than that is %s", (encoded, weaker) => {
  expect(isWeakerHash(encoded)).toBe(weaker);
});
