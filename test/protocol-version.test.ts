import { createHash } from "node:crypto";
import type { Static } from "typebox";
import Compile from "typebox/compile";
import { expect, expectTypeOf, test } from "vitest";
import { CLIENT_FRAMES } from "../shared/client-frames.ts";
import { PROTOCOL_VERSION } from "../shared/limits.ts";
import { SERVER_FRAMES } from "../shared/server-frame-schemas.ts";
import type { ServerFrame } from "../shared/server-frames.ts";

/** The hash of the whole contract: a change of a frame, a field, a bound or a code changes it. */
const hash = createHash("sha256")
  .update(JSON.stringify({ CLIENT_FRAMES, SERVER_FRAMES }))
  .digest("hex")
  .slice(0, 16);

test("the wire is what this version of the protocol says it is", () => {
  // Another hash means a changed contract. Optional fields, new frames and new codes extend it: older pages ignore
  // them, and only the hash changes here. A change that an older page would misread needs a new PROTOCOL_VERSION as
  // well.
  expect({ PROTOCOL_VERSION, hash }).toEqual({ PROTOCOL_VERSION: 1, hash: "7e2ae3bfdd1a0491" });
});

type Same<A, B> = [A, B] extends [B, A] ? true : false;
type SameFrame<T extends ServerFrame["type"]> = Same<
  Extract<ServerFrame, { type: T }>,
  Static<(typeof SERVER_FRAMES)[T]>
>;

test("the schema of every server frame is the same as its type", () => {
  // Checked by the compiler, which rejects this file if the two forms of a frame differ.
  expectTypeOf<{ [T in ServerFrame["type"]]: SameFrame<T> }>().toEqualTypeOf<
    Record<ServerFrame["type"], true>
  >();
});

test("a frame with a field of another form, or of no known code, is none of the contract", () => {
  const isRefused = Compile(SERVER_FRAMES.refused);
  expect(isRefused.Check({ type: "refused", code: "too_fast", retryAfterMs: 5 })).toBe(true);
  expect(isRefused.Check({ type: "refused", code: "email_taken" })).toBe(false);
  expect(isRefused.Check({ type: "refused", code: "too_fast", retryAfterMs: "5" })).toBe(false);
});
