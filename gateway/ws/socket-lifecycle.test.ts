/** A fault during an event of a socket breaks only that socket: on a real socket. */
import { App } from "uWebSockets.js";
import { once } from "node:events";
import { request } from "node:http";
import { expect, test } from "vitest";
import { freePort } from "../../load-tests/support/free-port.ts";
import { listen } from "../app.ts";
import { registerSockets } from "./socket-lifecycle.ts";

const UPGRADE = {
  ...{ connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

test("a fault of ours in an upgrade ends that one, and the next is served if its version is known", async () => {
  const app = App();
  const faults: unknown[] = [];
  const bug = new TypeError("a bug");
  let broken = true;
  registerSockets(app, {
    limits: {
      connectRate: {
        fromAddress() {
          if (broken) throw bug;
          return 0;
        },
      },
      connectionLimits: { opened: () => undefined, closed: () => undefined },
      maxBackpressure: 1 << 20,
    },
    sockets: { add: () => undefined, remove: () => undefined },
    records: { closed: () => undefined },
    dispatch: { receive: () => undefined },
    joining: { leaveAll: () => undefined, drained: () => undefined },
    onSlow: () => undefined,
    onInternalError: (error: unknown) => String(faults.push(error)),
    mayEnter: () => true,
  });
  const port = await freePort();
  const stop = await listen(app, "127.0.0.1", port);
  const upgrade = async (version = "13") => {
    const headers = { ...UPGRADE, "sec-websocket-version": version };
    const asked = request({ port, path: "/ws", headers }).end();
    const [answer] = await Promise.race([
      once(asked, "upgrade"),
      once(asked, "response"),
      once(asked, "error").then(() => ["cut"]),
    ]).catch(() => ["cut"]);
    asked.destroy();
    if (answer.statusCode === 426) return answer.headers["sec-websocket-version"];
    return answer.statusCode ?? answer;
  };
  expect(await upgrade()).toBe("cut");
  expect(faults).toEqual([bug]);
  broken = false;
  expect(await upgrade()).toBe(101);
  // A version of an early draft is refused with the one that is understood.
  expect(await upgrade("8")).toBe("13");
  stop();
  app.close();
});
