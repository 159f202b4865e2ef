/** Bytes for the fuzzer: violations of the WebSocket protocol, and broken HTTP. None of them may have an effect. */
import fc from "fast-check";
import { LOBBY } from "../shared/limits.ts";
import { type RawFrame, rawFrame } from "./support/raw-socket.ts";

const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;
const RESERVED = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
/** A message that would be accepted if the bytes around it were valid. Its client id identifies it. */
const forged = fc
  .stringMatching(/^[a-z0-9]{12}$/)
  .map((id) => bytesOf({ type: "send", room: LOBBY, clientId: `forged-${id}`, text: id }));
const frames = (...all: RawFrame[]): Buffer[] => all.map(rawFrame);

/** Sequences after which the connection must end, each with a forged message in it. */
const broken: fc.Arbitrary<Buffer[]> = fc.oneof(
  forged.map((payload) => frames({ opcode: OPCODE.text, payload, masked: false })),
  fc
    .tuple(forged, fc.integer({ min: 1, max: 7 }))
    .map(([payload, rsv]) => frames({ opcode: OPCODE.text, payload, rsv })),
  fc.tuple(forged, fc.constantFrom(...RESERVED)).map(([payload, opcode]) => frames({ opcode, payload })),
  forged.map((payload) => frames({ opcode: OPCODE.binary, payload })),
  // Bad UTF-8 in the middle of the text.
  forged.map((payload) => {
    const half = payload.length - 4;
    const text = Buffer.concat([
      payload.subarray(0, half),
      Buffer.from([0xc3, 0x28]),
      payload.subarray(half),
    ]);
    return frames({ opcode: OPCODE.text, payload: text });
  }),
  forged.map((payload) => frames({ opcode: OPCODE.continuation, payload })),
  // A text frame inside another, unfinished one.
  forged.map((payload) =>
    frames({ opcode: OPCODE.text, payload: Buffer.from("{"), fin: false }, { opcode: OPCODE.text, payload }),
  ),
  // A frame that never ends.
  forged.map((payload) => frames({ opcode: OPCODE.text, payload, fin: false })),
  forged.map((payload) => [
    rawFrame({ opcode: OPCODE.text, fin: false }),
    ...[...payload].map((byte) =>
      rawFrame({ opcode: OPCODE.continuation, payload: Uint8Array.of(byte), fin: false }),
    ),
  ]),
  // False lengths, up to the maximum.
  fc
    .tuple(forged, fc.bigInt({ min: 1_000n, max: 2n ** 64n - 1n }))
    .map(([payload, length]) => frames({ opcode: OPCODE.text, payload, length })),
  fc
    .tuple(forged, fc.integer({ min: 126, max: 5_000 }))
    .map(([payload, size]) => frames({ opcode: OPCODE.ping, payload: Buffer.alloc(size, payload) })),
  forged.map((payload) => frames({ opcode: OPCODE.ping, payload: payload.subarray(0, 100), fin: false })),
  // Frames after a close are ignored.
  fc
    .tuple(forged, fc.uint8Array({ maxLength: 125 }))
    .map(([payload, reason]) =>
      frames({ opcode: OPCODE.close, payload: reason }, { opcode: OPCODE.text, payload }),
    ),
  fc.uint8Array({ minLength: 2, maxLength: 400 }).map((bytes) => [Buffer.from(bytes)]),
);

/** Frames to write after `hello` and `join`, or in their place. */
export const brokenFrames = fc.record({ greets: fc.boolean(), writes: broken });

/** In two frames, with a ping between them: valid, though no browser does it. */
export function inFragments(payload: Buffer): Buffer {
  const half = Math.floor(payload.length / 2);
  return Buffer.concat([
    rawFrame({ opcode: OPCODE.text, payload: payload.subarray(0, half), fin: false }),
    rawFrame({ opcode: OPCODE.ping, payload: Buffer.from("between") }),
    rawFrame({ opcode: OPCODE.continuation, payload: payload.subarray(half) }),
  ]);
}

const path = fc.oneof(
  fc.constantFrom(
    "/ws",
    "/api/login",
    "/api/rooms",
    "/api/me",
    "/",
    "*",
    "http://elsewhere/",
    "/%00",
    "/../..",
  ),
  fc.string({ unit: "binary-ascii", maxLength: 200 }),
);
const method = fc.constantFrom(
  "GET",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "CONNECT",
  "TRACE",
  "PRI",
  "",
  "G E T",
);
const header = fc.oneof(
  fc.constantFrom(
    "Host: suda",
    "Connection: Upgrade\r\nUpgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Version: 99999999999999999999",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Key: ",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: 3",
    "Content-Type: application/json",
    "Expect: 100-continue",
    " : ",
    "\0",
  ),
  fc.string({ unit: "binary-ascii", maxLength: 120 }),
  fc.nat(9_000).map((size) => `X-Long: ${"x".repeat(size)}`),
);
const ending = fc.constantFrom("\r\n", "\n", "\r", "\r\n\r\n", "");
const chunk = fc.oneof(
  fc.constantFrom("5\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff\r\n", "-1\r\n", "0\r\n", "zz\r\n"),
  fc.string({ unit: "binary-ascii", maxLength: 200 }),
);

/** Requests that no library would write, some of them unfinished upgrades. */
export const brokenRequests = fc
  .tuple(
    method,
    path,
    fc.constantFrom("HTTP/1.1", "HTTP/1.0", "HTTP/9.9", ""),
    fc.array(header, { maxLength: 8 }),
    ending,
    chunk,
  )
  .map(([verb, where, version, headers, end, body]) =>
    Buffer.from(
      `${verb} ${where} ${version}${end}${headers.map((each) => `${each}${end}`).join("")}${end}${body}`,
      "latin1",
    ),
  );
