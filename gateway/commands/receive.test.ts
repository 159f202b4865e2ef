import fc from "fast-check";
import { expect, test } from "vitest";
import { COMMAND_HEADERS, signCommand } from "../../shared/server/identity/command-signature.ts";
import type { CommandKey } from "../../shared/server/process/kafka-settings.ts";
import { COMMAND_BYTES } from "./command.ts";
import { receive } from "./receive.ts";

const NOW = 1_800_000_000_000;
const KEY: CommandKey = { name: "bot", role: "user", secret: "0123456789abcdef0123456789abcdef" };
const OTHER: CommandKey = { name: "알림봇", role: "admin", secret: "fedcba9876543210fedcba9876543210" };
const KEYS = [KEY, OTHER];

const send = { id: "c-1", type: "send", expires: NOW + 60_000, room: "lobby", text: "hello" };
type Headers = Record<string, string>;
const take = (value: Uint8Array | undefined, headers: Headers) =>
  receive(
    {
      ...{ topic: "suda.commands", partition: 0, offset: 7n, key: undefined, at: NOW },
      ...{ value: value && Buffer.from(value), headers },
    },
    KEYS,
    NOW,
  );
const takeSigned = (command: unknown, key = KEY) => {
  const value = Buffer.from(typeof command === "string" ? command : JSON.stringify(command));
  return take(value, signCommand(key, value));
};
const codeOf = (received: ReturnType<typeof take>): string =>
  received.ok ? (received.isLate ? "late" : "command") : received.answer.ok ? "" : received.answer.code;

test.each([
  ["send", { room: "lobby", text: "hello", replyTo: 5, mentions: ["u1"] }],
  ["delete", { room: "lobby", seq: 3 }],
  ["mute", { user: "u1", untilMs: NOW + 5_000, reason: "too loud", removeMessages: true, room: "tea" }],
  ["ban", { user: "u1" }],
  ["notice", { room: "lobby", text: "Closed tonight" }],
])("a signed %s is a command of its key", (type, fields) => {
  const command = { id: "a.b_c-1", type, expires: NOW + 1, ...fields };
  expect(takeSigned(command, OTHER)).toEqual({
    ...{ ok: true, key: OTHER, command, record: "0/7", isLate: false },
  });
});

test.each([
  ["no signature", { [COMMAND_HEADERS.key]: "bot" }],
  ["no key", { [COMMAND_HEADERS.signature]: "0".repeat(64) }],
  ["a key of nobody", signCommand({ ...KEY, name: "ghost" }, JSON.stringify(send))],
  [
    "the signature of another key",
    { ...signCommand(OTHER, JSON.stringify(send)), [COMMAND_HEADERS.key]: "bot" },
  ],
  ["the name of what every object has", signCommand({ ...KEY, name: "constructor" }, JSON.stringify(send))],
])("a command with %s is forged, and answered by its id", (_, headers) => {
  expect(take(Buffer.from(JSON.stringify(send)), headers as Headers)).toEqual({
    ok: false,
    answer: {
      id: "c-1",
      record: "0/7",
      ok: false,
      code: "forged",
      detail: "is not signed by a key of this cluster",
    },
  });
});

test.each([
  [{ ...send, expires: NOW }, "late"],
  [{ ...send, expires: NOW + 86_400_000 }, "command"],
  [{ ...send, expires: NOW + 86_400_001 }, "expires_too_late"],
  [{ ...send, more: 1 }, "malformed"],
  [{ ...send, id: "" }, "malformed"],
  [{ ...send, id: "x".repeat(65) }, "malformed"],
  [{ ...send, id: "a\u0000" }, "malformed"],
  [{ ...send, room: "Lobby" }, "malformed"],
  [{ ...send, type: "shout" }, "malformed"],
  [{ ...send, type: "toString" }, "malformed"],
  [{ ...send, expires: "soon" }, "malformed"],
  [{ ...send, expires: 1e300 }, "malformed"],
  [[send], "malformed"],
  ["", "malformed"],
  [`{"__proto__":{},${JSON.stringify(send).slice(1)}`, "malformed"],
  ["[".repeat(COMMAND_BYTES), "malformed"],
  [{ ...send, text: "x".repeat(COMMAND_BYTES) }, "too_large"],
])("signed, %j is %s", (value, code) => {
  expect(codeOf(takeSigned(value))).toBe(code);
});

test("a record without a value is malformed", () => {
  expect(codeOf(take(undefined, {}))).toBe("malformed");
});

/** Values like commands, and of any other kind. */
const like = fc.oneof(
  fc.record(
    {
      id: fc.oneof(fc.constant("c-1"), fc.string({ unit: "binary" }), fc.anything()),
      type: fc.oneof(fc.constantFrom("send", "delete", "mute", "ban", "notice"), fc.string(), fc.anything()),
      expires: fc.oneof(fc.constant(NOW + 1), fc.integer(), fc.double(), fc.anything()),
      room: fc.oneof(fc.constant("lobby"), fc.string({ unit: "binary" })),
      text: fc.oneof(fc.string({ unit: "binary" }), fc.anything()),
      seq: fc.oneof(fc.integer(), fc.double()),
      user: fc.string({ unit: "binary" }),
      untilMs: fc.oneof(fc.integer(), fc.double()),
    },
    { requiredKeys: [] },
  ),
  fc.anything(),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.json().map((text) => Buffer.from(text)),
  like.map((value) =>
    Buffer.from(JSON.stringify(value, (_, each) => (typeof each === "bigint" ? 1 : each)) ?? ""),
  ),
);
const headers = fc.dictionary(
  fc.oneof(fc.constantFrom(...Object.values(COMMAND_HEADERS)), fc.string()),
  fc.oneof(fc.constantFrom(...KEYS.map(({ name }) => name), "0".repeat(64)), fc.string()),
);

/** PostgreSQL keeps an answer: no NUL, and no half of a character. */
const isStorable = (received: ReturnType<typeof take>): boolean =>
  received.ok ||
  received.answer.ok ||
  (!/\p{Cc}/u.test(received.answer.detail) && received.answer.detail.isWellFormed());

test("bytes of any kind, unsigned, are no command, and answered by name", () => {
  fc.assert(
    fc.property(bytes, headers, (value, given) => {
      const received = take(value, given);
      expect(received.ok).toBe(false);
      expect(codeOf(received)).toBe("forged");
      expect(isStorable(received)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("bytes of any kind, signed, are a command in form and in time, or answered by name", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const received = take(value, signCommand(KEY, value));
      if (received.ok) expect(received.command).toEqual(JSON.parse(Buffer.from(value).toString()));
      else expect(["malformed", "too_large", "expires_too_late"]).toContain(codeOf(received));
      expect(isStorable(received)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("a command of which one bit was changed, in its value or in its signature, is forged", () => {
  const value = Buffer.from(JSON.stringify(send));
  const signed = signCommand(KEY, value);
  fc.assert(
    fc.property(fc.nat(value.length * 8 - 1), (bit) => {
      const changed = Buffer.from(value);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codeOf(take(changed, signed))).toBe("forged");
    }),
  );
  fc.assert(
    fc.property(fc.nat(63), fc.constantFrom("0", "f", "F", " ", "é"), (at, char) => {
      const own = signed[COMMAND_HEADERS.signature] ?? "";
      fc.pre(own[at] !== char);
      const changed = own.slice(0, at) + char + own.slice(at + 1);
      expect(codeOf(take(value, { ...signed, [COMMAND_HEADERS.signature]: changed }))).toBe("forged");
    }),
  );
});
