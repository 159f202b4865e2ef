import { expect, test } from "vitest";
import { isOwnMachine } from "./own-machine.ts";

test.each(["localhost", "127.0.0.1", "127.0.0.9", "[::1]", "chat.localhost"])(
  "%s is the own machine",
  (host) => {
    expect(isOwnMachine(host)).toBe(true);
  },
);

test.each(["chat.example.org", "192.168.0.7", "127.0.0.1.example.org", "localhost.example.org", "[::2]"])(
  "%s is another one",
  (host) => {
    expect(isOwnMachine(host)).toBe(false);
  },
);
