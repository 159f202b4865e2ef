/** What a gateway must not take on /ws. */
import type { Breakage } from "./breakage.ts";

const HOSTILE = "test/hostile.e2e.test.ts";
const FUZZ = "test/fuzz.e2e.test.ts";
const CAPS = "gateway/ws/connection-limits.test.ts";
const LIMITS = "test/limits.e2e.test.ts";
const RECONNECTS = "who connects again and again is told to come later, and leaves one record with a count";
const FUZZED =
  "frames, bodies and bytes of every kind crash nothing, leak nothing and have no effect that they should not have";

export const sockets: readonly Breakage[] = [
  {
    what: "small questions bring back whatever they ask for",
    file: "gateway/ws/handlers/join.ts",
    find: 'if (waitMs > 0) throw new Refusal("too_fast", { retryAfterMs: waitMs });',
    replace: "",
    seenBy: [
      [
        "gateway/ws/handlers/join.test.ts",
        "what a socket asks back for in a second is bounded by bytes; beyond that it waits, and its time is told",
      ],
    ],
  },
  {
    what: "the origin of an upgrade is not looked at",
    file: "gateway/ws/socket-lifecycle.ts",
    find: "if (!isAllowedOrigin(pageOf(req), origins))",
    replace: "if (origins === undefined)",
    seenBy: [[HOSTILE, "an upgrade from %s is forbidden"]],
  },
  {
    what: "a socket may keep silent for good",
    file: "gateway/ws/connections.ts",
    find: "if (!authenticated && time - openedAt >= HELLO_TIMEOUT_MS)",
    replace: "if (!authenticated && time < openedAt)",
    seenBy: [[HOSTILE, "silence ends the connection with 4408"]],
  },
  {
    what: "a socket hears something before it greets",
    file: "gateway/ws/socket-lifecycle.ts",
    find: "sockets.add(socket);",
    replace: 'sockets.add(socket);\n      socket.send("{}");',
    seenBy: [[HOSTILE, "silence ends the connection with 4408"]],
  },
  {
    what: "a frame may have twice the size",
    file: "gateway/ws/dispatch.ts",
    find: "message.byteLength > FRAME_BYTES",
    replace: "message.byteLength > 2 * FRAME_BYTES",
    seenBy: [[HOSTILE, "a frame over the limit ends the connection with 1009, one far beyond is cut"]],
  },
  {
    what: "frames are read whatever their size",
    file: "gateway/ws/socket-lifecycle.ts",
    find: "maxPayloadLength: MAX_PAYLOAD",
    replace: "maxPayloadLength: 2 ** 31 - 1",
    seenBy: [
      [HOSTILE, "a frame over the limit ends the connection with 1009, one far beyond is cut"],
      [HOSTILE, "a length of a gigabyte"],
      [HOSTILE, "%s ends it"],
    ],
  },
  {
    what: "what is no JSON in UTF-8 is overlooked",
    file: "gateway/ws/dispatch.ts",
    find: 'else if (!frames) end(socket, CLOSE.badFrame, "a JSON object, or an array of them");',
    replace: "else if (!frames) return;",
    seenBy: [[HOSTILE, "%s ends it"]],
  },
  {
    what: "binary frames are read like text",
    file: "gateway/ws/dispatch.ts",
    find: "isBinary || tooBig ? null",
    replace: "tooBig ? null",
    seenBy: [
      [HOSTILE, "a binary frame ends the connection with 4400"],
      [FUZZ, FUZZED],
    ],
  },
  {
    what: "a frame with a field too many is refused",
    file: "gateway/ws/decode.ts",
    find: "return check.Check(raw)",
    replace: "return Object.keys(raw).length < 5 && check.Check(raw)",
    seenBy: [[HOSTILE, "unknown fields are ignored, also those that would be a prototype"]],
  },
  {
    what: "a frame's __proto__ becomes its prototype",
    file: "gateway/ws/decode.ts",
    find: "if (isObject(value)) return [value];",
    replace: "if (isObject(value)) return [Object.assign({}, value)];",
    seenBy: [[HOSTILE, "unknown fields are ignored, also those that would be a prototype"]],
  },
  {
    what: "null counts as a frame",
    file: "gateway/ws/decode.ts",
    find: " && value !== null &&",
    replace: " &&",
    seenBy: [[FUZZ, FUZZED]],
  },
  {
    what: "the fields of a frame are not checked",
    file: "gateway/ws/decode.ts",
    find: "return check.Check(raw)",
    replace: "return check !== undefined",
    seenBy: [[FUZZ, FUZZED]],
  },
  {
    what: "a body that is no JSON is no client's fault",
    file: "gateway/http/body.ts",
    find: "if (error instanceof SyntaxError || error instanceof TypeError)",
    replace: "if (error instanceof RangeError)",
    seenBy: [[FUZZ, FUZZED]],
  },
  {
    what: "sockets that are gone are kept",
    file: "gateway/ws/socket-lifecycle.ts",
    find: "sockets.remove(socket);",
    replace: "",
    seenBy: [[FUZZ, FUZZED]],
  },
  {
    what: "guests take the places of members",
    file: "gateway/ws/connection-limits.ts",
    find: "const kind = user === null ? guests : members;",
    replace: "const kind = guests;",
    seenBy: [[CAPS, "guests who fill an address lock out no member there, nor members a guest"]],
  },
  {
    what: "sockets that say nothing keep their places",
    file: "gateway/ws/connection-limits.ts",
    find: "if (!on || oldest === null || ofAddress.size <= perIp) return null;",
    replace: "if (ofAddress.size > 0) return null;",
    seenBy: [[CAPS, "those who say nothing lock out nobody: the oldest of them goes for a newer one"]],
  },
  {
    what: "an address may connect as often as it likes",
    file: "gateway/ws/socket-lifecycle.ts",
    find: "if (waitMs > 0) return turnAway(res, waitMs);",
    replace: "",
    seenBy: [
      [LIMITS, "an address that opens sockets without end gets 429 by name, and other addresses do not"],
    ],
  },
  {
    what: "a user may connect as often as they like",
    file: "gateway/ws/handlers/hello.ts",
    find: "connects.ofUser(user.id) > 0",
    replace: "connects.ofUser(user.id) < 0",
    seenBy: [[LIMITS, RECONNECTS]],
  },
  {
    what: "each short connection leaves a record",
    file: "gateway/presence/connection-records.ts",
    find: "      const opened = fresh.get(id);",
    replace: "      const opened = fresh.get(id);\n      noteDue(true);",
    seenBy: [
      [
        "gateway/presence/connection-records.test.ts",
        "thousands that are opened and closed are one record with their number",
      ],
    ],
  },
];
