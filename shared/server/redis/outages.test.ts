import { expect, test } from "vitest";
import { Unavailable } from "../process/unavailable.ts";
import { REDIS_ERRORS, redisError } from "./outages.ts";

const reply = (message: string): Error => Object.assign(new Error(message), { name: "ReplyError" });

test.each([...REDIS_ERRORS])("%s of Redis is one kind of error: %s", (word, kind) => {
  for (const error of [word, `${word} with a reason`, `${word} a. script: 0a1b, on @user_script:7.`].map(
    reply,
  )) {
    const met = redisError(error);
    if (kind === "fault") expect(met).toBe(error);
    else expect(met).toMatchObject({ name: "Unavailable", message: error.message, cause: error });
  }
});

test.each([
  "CROSSSLOT Keys in request don't hash to the same slot",
  "ERR Script attempted to access a non local key in a cluster node script: 0a, on @user_script:7.",
  "ERR invalid end ID for the interval",
  "NEWWORD that no release had when this was written",
  "OOMPH",
  "Command timed out",
  "",
])("%j is no outage: the one request fails", (message) => {
  const error = reply(message);
  expect(redisError(error)).toBe(error);
});

test("words alone make no outage: an error of ours may say the same", () => {
  const error = new Error("OOM: our own words");
  expect(redisError(error)).toBe(error);
});

test("an error that is an outage already stays the same one", () => {
  const outage = new Unavailable("Redis is away");
  expect(redisError(outage)).toBe(outage);
});
