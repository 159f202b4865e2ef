import { beforeEach, describe, expect, test } from "vitest";
import { CLOSE } from "../../shared/codes.ts";
import type { ServerFrame } from "../../shared/server-frames.ts";
import { createFakeClock } from "./clock.fake.ts";
import { createSocket, type SocketState } from "./reconnecting-socket.ts";
import { createFakeTransports, fakeWelcome } from "./transport.fake.ts";

function setUp() {
  const clock = createFakeClock(() => 0.999_999);
  const { transports, last, openTransport } = createFakeTransports();
  const states: SocketState[] = [];
  const welcomes: string[] = [];
  const received: ServerFrame[] = [];
  const browser = {
    isVisible: true,
    isOnline: true,
    isRefused: false,
    token: "t1" as string | undefined,
    renewals: [] as boolean[],
  };
  const socket = createSocket(
    {
      clock,
      isVisible: () => browser.isVisible,
      isOnline: () => browser.isOnline,
      isRefused: async () => browser.isRefused,
      token: async () => browser.token,
      renew: async (again) => {
        browser.renewals.push(again);
        browser.token = again ? undefined : "t2";
      },
      openTransport,
    },
    {
      state: (state) => states.push(state),
      welcome: (welcome) => welcomes.push(welcome.connection),
      frames: (frames) => received.push(...frames),
    },
  );
  return {
    clock,
    transports,
    states,
    welcomes,
    received,
    browser,
    socket,
    last,
    state: () => states.at(-1),
  };
}

/** Lets the promise of the token settle. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

describe("a socket", () => {
  let it: ReturnType<typeof setUp>;

  beforeEach(() => {
    it = setUp();
  });

  async function live(connection = "c1") {
    if (it.transports.length === 0) it.socket.start();
    await settled();
    it.last().opens();
    it.last().tells(fakeWelcome(connection));
  }

  test("greets first, with its token, and is live once welcomed", async () => {
    await live();
    expect(it.last().said[0]).toEqual({ type: "hello", v: 1, rooms: true, kinds: "all", token: "t1" });
    expect(it.state()).toEqual({ at: "live", gateway: "gateway-1", connection: "c1" });
    expect(it.welcomes).toEqual(["c1"]);
  });

  test("at an address that the cluster refuses, it says so and tries every 20 s", async () => {
    it.browser.isRefused = true;
    it.socket.start();
    for (let n = 0; n < 4; n++) {
      await settled();
      it.last().ends(1006);
      await settled();
      if (n === 0) expect(it.state()).toMatchObject({ at: "waiting" });
      else expect(it.state()).toEqual({ at: "refused", until: it.clock.now() + 20_000 });
      const before = it.transports.length;
      it.clock.advance(n === 0 ? 1_000 : 19_000);
      await settled();
      expect(it.transports.length).toBe(n === 0 ? before + 1 : before);
      if (n > 0) it.clock.advance(1_000);
    }
    it.browser.isRefused = false;
    await live();
    expect(it.state()).toMatchObject({ at: "live" });
  });

  test("waits longer and longer, up to 20 s", async () => {
    it.socket.start();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await settled();
      it.last().ends(1006);
      const state = it.state();
      if (state?.at !== "waiting") throw new Error(`not waiting but ${state?.at}`);
      waits.push(Math.round(state.until - it.clock.now()));
      it.clock.advance(20_000);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
  });

  test("starts the backoff over only after a connection that lasted", async () => {
    const waitAfter = async (lifeMs: number) => {
      await live();
      for (let lived = 0; lived < lifeMs; lived += 1_000) {
        it.clock.advance(1_000);
        it.last().tells({ type: "pong", id: it.clock.now() });
      }
      it.last().ends(4_000);
      const state = it.state();
      const wait = state?.at === "waiting" ? Math.round(state.until - it.clock.now()) : undefined;
      it.clock.advance(20_000);
      return wait;
    };
    expect(await waitAfter(1_000)).toBe(500);
    expect(await waitAfter(1_000)).toBe(1_000);
    expect(await waitAfter(11_000)).toBe(500);
  });

  test.each([CLOSE.banned, CLOSE.badFrame, CLOSE.tooManyConnections, CLOSE.flooding])(
    "does not come back by itself after %i, but does when the person asks",
    async (code) => {
      await live();
      it.last().ends(code);
      expect(it.state()).toEqual({ at: "ended", code });
      it.socket.wake();
      it.clock.advance(60_000);
      await settled();
      expect(it.transports).toHaveLength(1);
      it.socket.retryNow();
      await settled();
      expect(it.transports).toHaveLength(2);
    },
  );

  test("renews an ended session once, and the second time lets go of it", async () => {
    await live();
    it.last().ends(CLOSE.sessionEnded);
    await settled();
    expect(it.browser.renewals).toEqual([false]);
    it.last().opens();
    expect(it.last().said[0]).toMatchObject({ token: "t2" });
    it.last().ends(CLOSE.sessionEnded);
    await settled();
    expect(it.browser.renewals).toEqual([false, true]);
    it.last().opens();
    expect(it.last().said[0]).toEqual({ type: "hello", v: 1, rooms: true, kinds: "all" });
  });

  test("says offline without a network, and comes back at once with it", async () => {
    await live();
    it.browser.isOnline = false;
    it.socket.offline();
    it.clock.advance(4_000);
    expect(it.state()).toMatchObject({ at: "offline" });
    it.browser.isOnline = true;
    it.socket.wake();
    await settled();
    expect(it.state()).toEqual({ at: "connecting" });
    expect(it.transports).toHaveLength(2);
  });

  test("keeps a connection that still answers, whatever the browser says about the network", async () => {
    await live();
    it.browser.isOnline = false;
    it.socket.offline();
    it.last().tells({ type: "pong", id: 1 });
    it.clock.advance(4_000);
    expect(it.state()).toMatchObject({ at: "live" });
  });

  test("hands nothing to a connection that is not welcomed", async () => {
    it.socket.start();
    await settled();
    it.last().opens();
    expect(it.socket.send({ type: "leave", room: "lobby" })).toBe(false);
    expect(it.last().said.map((frame) => frame.type)).toEqual(["hello"]);
  });

  test("greets anew as another user, whatever was on its way", async () => {
    it.socket.start();
    it.browser.token = "other";
    it.socket.restart();
    await settled();
    expect(it.transports).toHaveLength(1);
    it.last().opens();
    expect(it.last().said[0]).toMatchObject({ token: "other" });
  });

  describe("asked to move", () => {
    beforeEach(async () => {
      await live("old");
      it.last().tells({ type: "move", withinMs: 1_000 });
      it.clock.advance(1_000);
      await settled();
    });

    test("opens the new connection while the old one goes on delivering", () => {
      const [old, next] = it.transports;
      next?.opens();
      expect(next?.said[0]).toMatchObject({ type: "hello", replaces: "old" });
      expect(old?.isClosed).toBe(false);
      old?.tells({ type: "pong", id: "still here" });
      expect(it.received.at(-1)).toEqual({ type: "pong", id: "still here" });
      expect(it.state()).toMatchObject({ at: "live", connection: "old" });
    });

    test("closes the old one only when the room was resumed on the new one", () => {
      const [old, next] = it.transports;
      next?.opens();
      next?.tells(fakeWelcome("new"));
      expect(it.state()).toMatchObject({ at: "live", connection: "new" });
      expect(old?.isClosed).toBe(false);
      next?.tells({ type: "joined", room: "lobby" });
      expect(old?.isClosed).toBe(true);
      expect(it.states.map((state) => state.at)).not.toContain("waiting");
    });

    test("stays where it is and tries again when the new connection fails", async () => {
      it.last().ends(1006);
      expect(it.state()).toMatchObject({ at: "live", connection: "old" });
      it.clock.advance(500);
      await settled();
      expect(it.transports).toHaveLength(3);
    });

    test("goes on with the new one when the old one ends first", () => {
      const [old, next] = it.transports;
      old?.ends(CLOSE.restarting);
      expect(it.state()).toEqual({ at: "connecting" });
      next?.opens();
      next?.tells(fakeWelcome("new"));
      expect(it.state()).toMatchObject({ at: "live", connection: "new" });
    });
  });
});
