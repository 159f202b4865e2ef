/** Faults in the checks of a gateway on /ws. */
import type { Mutant } from "./mutant.ts";

const HOSTILE = "test/hostile.e2e.test.ts";
const FUZZ = "test/fuzz.e2e.test.ts";
const CONNECTION_LIMITS = "gateway/ws/connection-limits.test.ts";
const LIMITS = "test/limits.e2e.test.ts";
const RECONNECTS =
  "a user who connects again and again is told to come later, and leaves one record with a count";
const FUZZED =
  "frames, bodies and bytes of every kind crash nothing, leak nothing and have no effect that they should not have";

export const sockets: readonly Mutant[] = [
  {
    what: "small questions bring back whatever they ask for",
    place: "createJoinRoom",
    find: 'if (waitMs > 0) throw new Refusal("too_fast", { retryAfterMs: waitMs });',
    replace: "",
    seenBy: [
      [
        "gateway/ws/handlers/join.test.ts",
        "answers to a socket's joins are bounded in bytes a second; beyond that it waits, and is told how long",
      ],
    ],
  },
  {
    what: "the origin of an upgrade is not looked at",
    place: "registerSockets",
    find: "if (!mayEnter(pageOf(req)))",
    replace: "if (mayEnter === undefined)",
    seenBy: [[HOSTILE, "an upgrade from %s is forbidden"]],
  },
  {
    what: "a socket may keep silent for good",
    place: "createSockets",
    find: "if (!authenticated && time - openedAt >= HELLO_TIMEOUT_MS)",
    replace: "if (!authenticated && time < openedAt)",
    seenBy: [[HOSTILE, "silence ends the connection with 4408"]],
  },
  {
    what: "a socket hears something before it greets",
    place: "registerSockets",
    find: "sockets.add(socket);",
    replace: 'sockets.add(socket);\n      socket.send("{}");',
    seenBy: [[HOSTILE, "silence ends the connection with 4408"]],
  },
  {
    what: "a frame may have twice the size",
    place: "createDispatch",
    find: "message.byteLength > FRAME_BYTES",
    replace: "message.byteLength > 2 * FRAME_BYTES",
    seenBy: [[HOSTILE, "a frame over the limit ends the connection with 1009, one far beyond is cut"]],
  },
  {
    what: "frames are read whatever their size",
    place: "registerSockets",
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
    place: "createDispatch",
    find: 'else if (!frames) end(socket, CLOSE.badFrame, "a JSON object, or an array of them");',
    replace: "else if (!frames) return;",
    seenBy: [[HOSTILE, "%s ends it"]],
  },
  {
    what: "binary frames are read like text",
    place: "createDispatch",
    find: "isBinary || tooBig ? undefined",
    replace: "tooBig ? undefined",
    seenBy: [
      [HOSTILE, "a binary frame ends the connection with 4400"],
      [FUZZ, FUZZED],
    ],
  },
  {
    what: "a frame with a field too many is refused",
    place: "parseFrame",
    find: "return check.Check(raw)",
    replace: "return Object.keys(raw).length < 5 && check.Check(raw)",
    seenBy: [[HOSTILE, "unknown fields are ignored, also those that would be a prototype"]],
  },
  {
    what: "a frame's __proto__ becomes its prototype",
    place: "parseBytes",
    find: "if (isObject(value)) return [value];",
    replace: "if (isObject(value)) return [Object.assign({}, value)];",
    seenBy: [[HOSTILE, "unknown fields are ignored, also those that would be a prototype"]],
  },
  {
    what: "null counts as a frame",
    place: "parseBytes",
    find: " && value !== null &&",
    replace: " &&",
    seenBy: [
      [
        "gateway/ws/decode.test.ts",
        "an object, or a list of objects, is taken for frames; any other JSON is not, null among it",
      ],
    ],
  },
  {
    what: "the fields of a frame are not checked",
    place: "parseFrame",
    find: "return check.Check(raw)",
    replace: "return check !== undefined",
    seenBy: [[FUZZ, FUZZED]],
  },
  {
    what: "a body that is no JSON is no client's fault",
    place: "bodyReader",
    find: "if (error instanceof SyntaxError || error instanceof TypeError)",
    replace: "if (error instanceof RangeError)",
    seenBy: [[FUZZ, FUZZED]],
  },
  {
    what: "sockets that are gone are kept",
    place: "registerSockets",
    find: "sockets.remove(socket);",
    replace: "",
    seenBy: [[FUZZ, FUZZED]],
  },
  {
    what: "guests take the places of members",
    place: "createConnectionLimits",
    find: "const kind = user === undefined ? guests : members;",
    replace: "const kind = guests;",
    seenBy: [[CONNECTION_LIMITS, "guests who fill an address lock out no member there, nor members a guest"]],
  },
  {
    what: "sockets that say nothing keep their places",
    place: "createConnectionLimits",
    find: "if (!on || oldest === undefined || ofAddress.size <= perIp) return undefined;",
    replace: "if (ofAddress.size > 0) return undefined;",
    seenBy: [
      [CONNECTION_LIMITS, "those who say nothing lock out nobody: the oldest of them goes for a newer one"],
    ],
  },
  {
    what: "an address may connect as often as it likes",
    place: "registerSockets",
    find: "if (waitMs > 0) {",
    replace: "if (waitMs < 0) {",
    seenBy: [
      [LIMITS, "an address that opens sockets without end gets 429 by name, and other addresses do not"],
    ],
  },
  {
    what: "a user may connect as often as they like",
    place: "createHello",
    find: "connectRate.ofUser(user.id) > 0",
    replace: "connectRate.ofUser(user.id) < 0",
    seenBy: [[LIMITS, RECONNECTS]],
  },
  {
    what: "each short connection leaves a record",
    place: "createConnectionRecords",
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
