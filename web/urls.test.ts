import { expect, test } from "vitest";
import { roomOfPath, roomPath, socketUrl } from "./urls.ts";

test("a room and its path name each other", () => {
  for (const room of ["lobby", "cats", "a-1"]) expect(roomOfPath(roomPath(room))).toBe(room);
});

test("a path that names no possible room leads to the lobby", () => {
  for (const path of ["/", "/r/", "/r/Not%20A%20Room", "/elsewhere", "/r/a/b"]) {
    expect(roomOfPath(path)).toBe("lobby");
  }
});

test("the socket is encrypted exactly when the page is", () => {
  expect(socketUrl("https://chat.example")).toBe("wss://chat.example/ws");
  expect(socketUrl("http://127.0.0.1:8080")).toBe("ws://127.0.0.1:8080/ws");
});
