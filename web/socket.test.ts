import { beforeEach, describe, expect, test } from "vitest";
import { CLOSE } from "../shared/codes.ts";
import type { ServerFrame } from "../shared/server-frames.ts";
import { createFakeClock } from "./clock.fake.ts";
import type { LineEvents } from "./line.ts";
import { createSocket, type SocketState } from "./socket.ts";

/** The other end of a line, as a test plays it. */
type Far = LineEvents & { said: { type: string; [field: string]: unknown }[]; isClosed: boolean };

function setUp() {
  const clock = createFakeClock(() => 0.999_999);
  const lines: Far[] = [];
  const states: SocketState[] = [];
  const welcomes: string[] = [];
  const heard: ServerFrame[] = [];
  const world = {
    isVisible: true,
    isOnline: true,
    token: "t1" as string | undefined,
    renewals: [] as boolean[],
  };
  const socket = createSocket(
    {
      clock,
      isVisible: () => world.isVisible,
      isOnline: () => world.isOnline,
      token: async () => world.token,
      renew: async (again) => {
        world.renewals.push(again);
        world.token = again ? undefined : "t2";
      },
      openLine(events) {
        const far: Far = { ...events, said: [], isClosed: false };
        lines.push(far);
        return {
          send: (text) => far.said.push(JSON.parse(text)),
          close: () => {
            far.isClosed = true;
          },
        };
      },
    },
    {
      state: (state) => states.push(state),
      welcome: (welcome) => welcomes.push(welcome.connection),
      frames: (frames) => heard.push(...frames),
    },
  );
  const last = () => lines.at(-1) as Far;
  return { clock, lines, states, welcomes, heard, world, socket, last, state: () => states.at(-1) };
}

/** Lets the promise of the token be kept. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

const welcome = (connection: string) =>
  JSON.stringify({
    type: "welcome",
    v: 1,
    connection,
    gateway: "gateway-1",
    user: null,
    restricted: null,
    limits: {},
  });

const tell = (far: Far, frame: object) => far.received(JSON.stringify(frame));

describe("a socket", () => {
  let it: ReturnType<typeof setUp>;

  beforeEach(() => {
    it = setUp();
  });

  async function live(connection = "c1") {
    if (it.lines.length === 0) it.socket.start();
    await settled();
    it.last().opened();
    it.last().received(welcome(connection));
  }

  test("greets first, with its token, and is live once welcomed", async () => {
    await live();
    expect(it.last().said[0]).toEqual({ type: "hello", v: 1, token: "t1" });
    expect(it.state()).toEqual({ at: "live", gateway: "gateway-1", connection: "c1" });
    expect(it.welcomes).toEqual(["c1"]);
  });

  test("tries again when no welcome came within 8 s", async () => {
    it.socket.start();
    await settled();
    it.last().opened();
    it.clock.advance(7_999);
    expect(it.state()).toEqual({ at: "connecting" });
    it.clock.advance(1);
    expect(it.state()).toMatchObject({ at: "waiting" });
    expect(it.lines[0]?.isClosed).toBe(true);
  });

  test("takes several frames of one message in order", async () => {
    await live();
    it.last().received(
      JSON.stringify([
        { type: "pong", id: 1 },
        { type: "pong", id: 2 },
      ]),
    );
    expect(it.heard).toEqual([
      { type: "pong", id: 1 },
      { type: "pong", id: 2 },
    ]);
  });

  test("does not trust a line that speaks no JSON", async () => {
    await live();
    it.last().received("<html>");
    expect(it.state()).toMatchObject({ at: "waiting" });
  });

  test("pings every 2 s while it is looked at", async () => {
    await live();
    for (let i = 0; i < 3; i++) {
      it.clock.advance(2_000);
      tell(it.last(), { type: "pong", id: it.clock.now() });
    }
    expect(it.last().said.filter((frame) => frame.type === "ping")).toHaveLength(4);
  });

  test("gives up a hidden, silent connection after 12 s and no earlier", async () => {
    it.world.isVisible = false;
    await live();
    it.clock.advance(11_999);
    expect(it.state()).toMatchObject({ at: "live" });
    it.clock.advance(1);
    expect(it.state()).toMatchObject({ at: "waiting" });
  });

  test("knows earlier when it is looked at", async () => {
    await live();
    it.clock.advance(6_000);
    expect(it.state()).toMatchObject({ at: "waiting" });
  });

  test("asks before it judges when the machine slept", async () => {
    await live();
    it.clock.sleep(3_600_000);
    it.clock.advance(0);
    expect(it.state()).toMatchObject({ at: "live" });
    it.clock.advance(4_000);
    expect(it.state()).toMatchObject({ at: "waiting" });
  });

  test("waits longer and longer, up to 20 s", async () => {
    it.socket.start();
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      await settled();
      it.last().closed(1006);
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
        tell(it.last(), { type: "pong", id: it.clock.now() });
      }
      it.last().closed(4_000);
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
      it.last().closed(code);
      expect(it.state()).toEqual({ at: "ended", code });
      it.socket.wake();
      it.clock.advance(60_000);
      await settled();
      expect(it.lines).toHaveLength(1);
      it.socket.retryNow();
      await settled();
      expect(it.lines).toHaveLength(2);
    },
  );

  test("renews an ended session once, and the second time lets go of it", async () => {
    await live();
    it.last().closed(CLOSE.sessionEnded);
    await settled();
    expect(it.world.renewals).toEqual([false]);
    it.last().opened();
    expect(it.last().said[0]).toMatchObject({ token: "t2" });
    it.last().closed(CLOSE.sessionEnded);
    await settled();
    expect(it.world.renewals).toEqual([false, true]);
    it.last().opened();
    expect(it.last().said[0]).toEqual({ type: "hello", v: 1 });
  });

  test("says offline without a network, and comes back at once with it", async () => {
    await live();
    it.world.isOnline = false;
    it.socket.offline();
    it.clock.advance(4_000);
    expect(it.state()).toMatchObject({ at: "offline" });
    it.world.isOnline = true;
    it.socket.wake();
    await settled();
    expect(it.state()).toEqual({ at: "connecting" });
    expect(it.lines).toHaveLength(2);
  });

  test("keeps a line that still answers, whatever the browser says about the network", async () => {
    await live();
    it.world.isOnline = false;
    it.socket.offline();
    tell(it.last(), { type: "pong", id: 1 });
    it.clock.advance(4_000);
    expect(it.state()).toMatchObject({ at: "live" });
  });

  test("hands nothing to a connection that is not welcomed", async () => {
    it.socket.start();
    await settled();
    it.last().opened();
    expect(it.socket.send({ type: "leave", room: "lobby" })).toBe(false);
    expect(it.last().said.map((frame) => frame.type)).toEqual(["hello"]);
  });

  test("greets anew as another user, whatever was on its way", async () => {
    it.socket.start();
    it.world.token = "other";
    it.socket.restart();
    await settled();
    expect(it.lines).toHaveLength(1);
    it.last().opened();
    expect(it.last().said[0]).toMatchObject({ token: "other" });
  });

  describe("asked to move", () => {
    beforeEach(async () => {
      await live("old");
      tell(it.last(), { type: "move", withinMs: 1_000 });
      it.clock.advance(1_000);
      await settled();
    });

    test("opens the new connection while the old one goes on delivering", () => {
      const [old, next] = it.lines;
      next?.opened();
      expect(next?.said[0]).toMatchObject({ type: "hello", replaces: "old" });
      expect(old?.isClosed).toBe(false);
      if (old) tell(old, { type: "pong", id: "still here" });
      expect(it.heard.at(-1)).toEqual({ type: "pong", id: "still here" });
      expect(it.state()).toMatchObject({ at: "live", connection: "old" });
    });

    test("closes the old one only when the room was resumed on the new one", () => {
      const [old, next] = it.lines;
      next?.opened();
      next?.received(welcome("new"));
      expect(it.state()).toMatchObject({ at: "live", connection: "new" });
      expect(old?.isClosed).toBe(false);
      if (next) tell(next, { type: "joined", room: "lobby" });
      expect(old?.isClosed).toBe(true);
      expect(it.states.map((state) => state.at)).not.toContain("waiting");
    });

    test("stays where it is and tries again when the new connection fails", async () => {
      it.last().closed(1006);
      expect(it.state()).toMatchObject({ at: "live", connection: "old" });
      it.clock.advance(500);
      await settled();
      expect(it.lines).toHaveLength(3);
    });

    test("goes on with the new one when the old one ends first", () => {
      const [old, next] = it.lines;
      old?.closed(CLOSE.restarting);
      expect(it.state()).toEqual({ at: "connecting" });
      next?.opened();
      next?.received(welcome("new"));
      expect(it.state()).toMatchObject({ at: "live", connection: "new" });
    });
  });
});
