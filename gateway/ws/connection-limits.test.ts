import { expect, test } from "vitest";
import { CROWD, createConnectionLimits, FORWARDED_CROWD } from "./connection-limits.ts";

type Line = { n: number };
const HERE = "192.0.2.1";
const setUp = ({ on = true, perUser = 2, perIp = 3 } = {}) => {
  const crowds: string[] = [];
  const connectionLimits = createConnectionLimits<Line>({
    on,
    perUser,
    perIp,
    onCrowd: (ip) => crowds.push(ip),
  });
  let n = 0;
  /** A socket that sends `hello`. @returns whether it is let in. */
  const come = (ip: string, user: string | undefined, replaces = false) => {
    const line = { n: n++ };
    connectionLimits.opened(ip, line);
    return { line, letIn: connectionLimits.authenticated(ip, line, user, replaces) };
  };
  const enter = (ip: string, user: string | undefined, replaces = false) => come(ip, user, replaces).letIn;
  return { ...connectionLimits, come, enter, crowds };
};

test.each([
  ["guests", () => undefined],
  ["members", (n: number) => `u${n}`],
])("an address may have so many %s, one of them gone makes room", (_, user) => {
  const { come, enter, closed } = setUp();
  const first = come(HERE, user(0));
  expect([first.letIn, enter(HERE, user(1)), enter(HERE, user(2)), enter(HERE, user(3))]).toEqual([
    ...[true, true, true],
    false,
  ]);
  expect(enter("192.0.2.2", user(4))).toBe(true);
  closed(HERE, { n: 9 }, true, user(3));
  closed(HERE, first.line, true, user(0));
  expect(enter(HERE, user(5))).toBe(true);
});

test("guests who fill an address lock out no member there, nor members a guest", () => {
  const { enter } = setUp();
  for (let i = 0; i < 1_000; i++) enter(HERE, undefined);
  expect([enter(HERE, undefined), enter(HERE, "u1"), enter(HERE, "u2")]).toEqual([false, true, true]);
  const other = setUp();
  for (let i = 0; i < 1_000; i++) other.enter(HERE, `u${i}`);
  expect([other.enter(HERE, "u"), other.enter(HERE, undefined)]).toEqual([false, true]);
});

test("those who say nothing lock out nobody: the oldest of them goes for a newer one", () => {
  const { opened, authenticated, closed } = setUp();
  const lines = [0, 1, 2, 3, 4].map((n) => ({ n }));
  expect(lines.map((line) => opened(HERE, line))).toEqual([
    undefined,
    undefined,
    undefined,
    lines[0],
    lines[1],
  ]);
  expect(authenticated(HERE, lines[4] as Line, "u1", false)).toBe(true);
  closed(HERE, lines[0] as Line, false, undefined);
  const late = { n: 5 };
  expect(opened(HERE, late)).toBe(undefined);
  expect(opened(HERE, { n: 6 })).toBe(lines[2]);
});

test("all addresses that one subscriber of IPv6 is given count as one", () => {
  const { enter } = setUp();
  expect(["::1", "::2", "::3", "::4"].map((end) => enter(`2001:db8:1:2${end}`, undefined))).toEqual([
    ...[true, true, true],
    false,
  ]);
});

test("a user may have so many, and one more that takes over from another", () => {
  const { enter } = setUp({ perIp: 100 });
  expect([enter(HERE, "u1"), enter(HERE, "u1"), enter(HERE, "u1", true)]).toEqual([true, true, true]);
  expect(enter(HERE, "u1")).toBe(false);
});

test("when a gateway sends away all who are behind one address, each may stand beside the old for a while", () => {
  const { enter } = setUp({ perIp: 3, perUser: 10 });
  const all = ["u1", "u2", "u3", undefined, undefined, undefined];
  expect(all.map((user) => enter(HERE, user))).toEqual(all.map(() => true));
  expect(all.map((user) => enter(HERE, user, true))).toEqual(all.map(() => true));
});

test("an address from which a crowd comes is told of once: it may be a proxy that nobody declared", () => {
  const { enter, crowds } = setUp();
  for (let i = 1; i < CROWD; i++) enter(HERE, undefined);
  expect(crowds).toEqual([]);
  for (let i = 0; i < 2 * CROWD; i++) enter(HERE, `u${i}`);
  for (let i = 0; i < 2 * CROWD; i++) enter("192.0.2.2", undefined);
  expect(crowds).toEqual([HERE]);
});

test("ten who are logged in are told of as soon as a header names an address that nobody may tell", () => {
  const { opened, enter, crowds } = setUp();
  for (let i = 0; i < FORWARDED_CROWD; i++) enter(HERE, `u${i}`);
  opened(HERE, { n: 9 });
  expect(crowds).toEqual([]);
  opened(HERE, { n: 9 }, true);
  opened(HERE, { n: 9 }, true);
  expect(crowds).toEqual([HERE]);
});

test("lifted, nobody has too many", () => {
  const { opened, enter, crowds } = setUp({ on: false });
  expect(Array.from({ length: 200 }, () => enter("::1", "u1")).every(Boolean)).toBe(true);
  expect(Array.from({ length: 10 }, (_, n) => opened("::1", { n }))).toEqual(Array(10).fill(undefined));
  expect(crowds).toEqual([]);
});
