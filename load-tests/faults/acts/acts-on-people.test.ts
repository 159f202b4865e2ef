import { expect, it } from "vitest";
import { type Act, judgeActs, type Said, type Try } from "./acts-on-people.ts";

const act = (
  kind: Act["kind"],
  value: string,
  askedAt: number,
  ackedAt: number | "never" = askedAt + 1,
): Act => ({
  ...{ kind, value, person: 0, askedAt, ackedAt: ackedAt === "never" ? undefined : ackedAt },
});
const say = (at: number, acked = true): Try => ({
  ...{ kind: "say", person: 0, clientId: `m${at}`, at, answeredAt: at + 1, acked },
});
const remove = (at: number): Try => ({ ...say(at), kind: "delete", clientId: `d${at}` });
const said = (at: number, nickname = "first"): Said => ({ clientId: `m${at}`, nickname });

it("finds nothing where all obey", () => {
  const acts = [
    act("mute", "on", 10),
    act("mute", "off", 20),
    act("name", "second", 30),
    act("role", "user", 5),
  ];
  const tries = [say(1), say(15, false), say(25), say(40)];
  expect(judgeActs(acts, tries, [said(1), said(25), said(40, "second")])).toEqual([]);
});

it.each<[string, Act[], Try[], Said[]]>([
  ["a message of somebody who is muted", [act("mute", "on", 10)], [say(12)], [said(12)]],
  ["one that is kept though it was refused", [act("mute", "on", 10)], [say(12, false)], [said(12)]],
  ["one of somebody who is banned", [act("ban", "on", 10)], [say(12)], [said(12)]],
  ["one under the name before", [act("name", "second", 10)], [say(12)], [said(12)]],
  [
    "one under the name before the name before",
    [act("name", "second", 10), act("name", "third", 20)],
    [say(22)],
    [said(22, "second")],
  ],
  [
    "a deletion by who is no moderator any more",
    [act("role", "moderator", 5), act("role", "user", 10)],
    [remove(12)],
    [],
  ],
  [
    "a mute that was lifted and given again",
    [act("mute", "off", 5), act("mute", "on", 10)],
    [say(12)],
    [said(12)],
  ],
])("notices %s", (_, acts, tries, rows) => {
  expect(judgeActs(acts, tries, rows)).toHaveLength(1);
});

it.each<[string, Act[], Try[], Said[]]>([
  ["what was sent before the acknowledgement", [act("mute", "on", 10, 14)], [say(12)], [said(12)]],
  [
    "what may have been said after the mute was lifted",
    [act("mute", "on", 1), act("mute", "off", 12.5)],
    [say(12)],
    [said(12)],
  ],
  [
    "a lifting whose outcome is unknown",
    [act("mute", "on", 1), act("mute", "off", 5, "never")],
    [say(12)],
    [said(12)],
  ],
  ["a mute whose outcome is unknown", [act("mute", "on", 1, "never")], [say(12)], [said(12)]],
  [
    "a name whose outcome is unknown",
    [act("name", "second", 1, "never"), act("name", "third", 5)],
    [say(12)],
    [said(12, "second")],
  ],
])("makes no fault of %s", (_, acts, tries, rows) => {
  expect(judgeActs(acts, tries, rows)).toEqual([]);
});
