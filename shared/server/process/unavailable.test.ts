import { expect, test } from "vitest";
import { isOutage, REDIS_ERRORS } from "./unavailable.ts";

test.each([...REDIS_ERRORS])("%s of Redis is one kind of error: %s", (word, kind) => {
  for (const message of [word, `${word} with a reason`, `${word} a. script: 0a1b, on @user_script:7.`])
    expect(isOutage(new Error(message))).toBe(kind === "outage");
});

test.each([
  "CROSSSLOT Keys in request don't hash to the same slot",
  "ERR Script attempted to access a non local key in a cluster node script: 0a, on @user_script:7.",
  "ERR invalid end ID for the interval",
  "NEWWORD that no release had when this was written",
  "OOMPH",
  "",
])("%j is no outage: the one request fails", (message) => {
  expect(isOutage(new Error(message))).toBe(false);
});
