import fc from "fast-check";
import { expect, test } from "vitest";
import { ROOM_NAME } from "../../shared/limits.ts";
import { prefixOf, roomOfPath, roomPath, socketUrl } from "./urls.ts";

const anyText = fc.array(fc.nat(0x10ffff)).map((codes) => String.fromCodePoint(...codes));
const roomNames = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/);

test("a room and its path name each other", () => {
  fc.assert(fc.property(roomNames, (room) => void expect(roomOfPath(roomPath(room))).toBe(room)));
  expect(roomOfPath("/")).toBe("lobby");
});

test("below a prefix too, also where a proxy has taken it away", () => {
  expect(prefixOf(undefined)).toBe("");
  const prefix = prefixOf("https://example.org/chat/manifest.webmanifest");
  expect(prefix).toBe("/chat");
  fc.assert(
    fc.property(roomNames, (room) => void expect(roomOfPath(roomPath(room, prefix), prefix)).toBe(room)),
  );
  expect(roomPath("tea", prefix)).toBe("/chat/r/tea");
  for (const path of ["/chat/", "/chat", "/", "/chat/elsewhere"])
    expect(roomOfPath(path, prefix)).toBe("lobby");
  expect(roomOfPath("/r/tea", prefix)).toBe("tea");
});

test("additions of fingers and editors to a link are removed", () => {
  const before = fc.constantFrom("", "(", "<", "%3C", "%22", "“", "「", "%20", "'");
  const after = fc.constantFrom(
    "",
    ".",
    ",",
    ")",
    "/",
    "/.",
    "...",
    "…",
    "%E3%80%82",
    "」",
    "!?",
    "%20",
    "%0A",
    ">",
    "%EF%BC%8C",
  );
  const cased = fc.array(fc.boolean(), { minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(
      roomNames,
      before,
      fc.array(after, { maxLength: 3 }),
      cased,
      (room, left, right, capitals) => {
        const typed = [...room].map((char, at) => (capitals[at] ? char.toUpperCase() : char)).join("");
        expect(roomOfPath(`/r/${left}${typed}${right.join("")}`)).toBe(room);
      },
    ),
  );
  expect(roomOfPath("/R/Tea")).toBe("tea");
  expect(roomOfPath("/r/ｔｅａ")).toBe("tea");
});

test("a path with an impossible room name leads to no room, and not to the lobby", () => {
  for (const path of [
    "/r/Not%20A%20Room",
    "/r/a/b",
    "/r/a_b",
    "/r/%ED%8B%B0",
    `/r/${"x".repeat(33)}`,
    "/r/%FF%FEa%2",
  ]) {
    const name = roomOfPath(path);
    expect(name).not.toBe("lobby");
    expect(ROOM_NAME.test(name)).toBe(false);
    expect(name.length).toBeLessThan(41);
  }
});

test("every path names something", () => {
  fc.assert(fc.property(anyText, (path) => void expect(roomOfPath(`/r/${path}`)).not.toBe("")));
});

test("a path that names no room leads to the lobby", () => {
  for (const path of ["/", "/r/", "/r", "/elsewhere", "/r/.", "/r/%20"])
    expect(roomOfPath(path)).toBe("lobby");
});

test("the socket is encrypted exactly when the page is", () => {
  expect(socketUrl("https://chat.example")).toBe("wss://chat.example/ws");
  expect(socketUrl("http://127.0.0.1:8080")).toBe("ws://127.0.0.1:8080/ws");
});
