import { expect, test } from "vitest";
import { isNetworkError } from "./unavailable.ts";

const failure = (code: string): Error => Object.assign(new Error("connect"), { code });

test("a host with several addresses is away when one of them failed by the network, whichever comes first", () => {
  const both = Object.assign(new AggregateError([failure("EACCES"), failure("ECONNREFUSED")]), {
    code: "EACCES",
  });
  expect(isNetworkError(both)).toBe(true);
  expect(isNetworkError(new AggregateError([failure("EACCES")]))).toBe(false);
  expect(isNetworkError(failure("EADDRNOTAVAIL"))).toBe(true);
});
