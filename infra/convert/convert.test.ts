/** The converters, on small files in the documented formats. The import's own reader checks the output. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readLine } from "../../worker/exchange/line.ts";
import { type ArchiveLine, roomNameOf } from "./archive-line.ts";
import { fromMattermost } from "./mattermost.ts";
import { fromOriginal } from "./original.ts";
import { fromSlack } from "./slack.ts";

const folder = mkdtempSync(join(tmpdir(), "suda-slack-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** @returns the lines, after checking that an import accepts each of them. */
function usable(lines: Iterable<ArchiveLine>): ArchiveLine[] {
  const all = [...lines];
  const refused = all.map((line) => readLine(JSON.stringify(line), Date.now())).filter(({ ok }) => !ok);
  expect(refused).toEqual([]);
  return all;
}

it("a table of messages becomes lines: quotes, line breaks, times with and without a zone", () => {
  const csv = [
    "id,room,user,text,created_at",
    '1,general,ann,"said ""hi"", then\nwent",2024-05-01 10:00:00',
    "2,General Talk,bob,plain,2024-05-01T12:00:00.5+02:00",
    "3,수다방,cho,안녕,1714557600",
  ].join("\n");
  const at = Date.UTC(2024, 4, 1, 10);
  expect(usable(fromOriginal(csv))).toEqual([
    { room: "general", at, user: { nickname: "ann" }, clientId: "original-1", text: 'said "hi", then\nwent' },
    {
      room: "general-talk",
      title: "General Talk",
      at: at + 500,
      user: { nickname: "bob" },
      clientId: "original-2",
      text: "plain",
    },
    {
      room: roomNameOf("수다방"),
      title: "수다방",
      at,
      user: { nickname: "cho" },
      clientId: "original-3",
      text: "안녕",
    },
  ]);
  expect(() => [...fromOriginal("id,room\n1,a")]).toThrow("no column user");
});

it("Mattermost: open channels by their names, replies at their time, addresses of users; private ones stay where they are", () => {
  const entries = [
    { type: "version", version: 1 },
    { type: "team", team: { name: "ours", display_name: "Ours", type: "O" } },
    {
      type: "channel",
      channel: { team: "ours", name: "town-square", display_name: "Town Square", type: "O" },
    },
    { type: "channel", channel: { team: "ours", name: "secret", display_name: "Secret", type: "P" } },
    { type: "user", user: { username: "ann", email: "ann@example.org" } },
    {
      type: "post",
      post: {
        ...{ team: "ours", channel: "town-square", user: "ann", message: "first", create_at: 1_000 },
        replies: [{ user: "bob", message: "late answer", create_at: 3_000 }],
      },
    },
    {
      type: "post",
      post: { team: "ours", channel: "town-square", user: "bob", message: "second", create_at: 2_000 },
    },
    {
      type: "post",
      post: { team: "ours", channel: "secret", user: "ann", message: "hidden", create_at: 2_500 },
    },
    {
      type: "direct_post",
      direct_post: { channel_members: ["ann", "bob"], user: "ann", message: "x", create_at: 1 },
    },
  ];
  const place = { room: "ours-town-square", title: "Town Square" };
  const ann = { email: "ann@example.org", nickname: "ann" };
  expect(usable(fromMattermost(entries.map((entry) => JSON.stringify(entry)).join("\n")))).toEqual([
    { ...place, at: 1_000, user: ann, text: "first" },
    { ...place, at: 2_000, user: { nickname: "bob" }, text: "second" },
    { ...place, at: 3_000, user: { nickname: "bob" }, text: "late answer" },
  ]);
});

it("Slack: days in order, marks as people read them, files by name, and nothing of who came and went", () => {
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  mkdirSync(join(folder, "general"));
  write("channels.json", [
    { id: "C1", name: "general", created: 1_700_000_000, is_archived: false },
    { id: "C2", name: "empty" },
  ]);
  write("users.json", [
    { id: "U1", name: "ann", profile: { display_name: "Ann", email: "ann@example.org" } },
    { id: "U2", name: "bob", deleted: true, profile: { display_name: "", real_name: "Bob B" } },
  ]);
  write("general/2024-05-02.json", [
    {
      type: "message",
      subtype: "bot_message",
      username: "builder",
      text: "&lt;done&gt; &amp; well",
      ts: "1714608000.000100",
    },
  ]);
  write("general/2024-05-01.json", [
    {
      type: "message",
      user: "U2",
      text: "hello <@U1>, see <#C1|general> and <https://a.example|this>",
      ts: "1714557601.000200",
    },
    { type: "message", user: "U1", text: "first", ts: "1714557600.000100" },
    {
      type: "message",
      subtype: "channel_join",
      user: "U2",
      text: "<@U2> has joined",
      ts: "1714557599.000000",
    },
    { type: "message", user: "U1", text: "", ts: "1714557602.000000", files: [{ name: "cat.png" }] },
  ]);
  expect(usable(fromSlack(folder)).map(({ at, user, clientId, text }) => [at, user, clientId, text])).toEqual(
    [
      [1_714_557_600_000, { email: "ann@example.org", nickname: "Ann" }, "slack-1714557600-000100", "first"],
      [
        1_714_557_601_000,
        { nickname: "Bob B" },
        "slack-1714557601-000200",
        "hello @Ann, see #general and this (https://a.example)",
      ],
      [
        1_714_557_602_000,
        { email: "ann@example.org", nickname: "Ann" },
        "slack-1714557602-000000",
        "[cat.png]",
      ],
      [1_714_608_000_000, { nickname: "builder" }, "slack-1714608000-000100", "<done> & well"],
    ],
  );
});

it("names of channels become names of rooms, alike for alike and different for different ones", () => {
  expect(roomNameOf("Town Square")).toBe("town-square");
  const names = ["수다방", "수다", "a".repeat(40), `${"a".repeat(40)}b`, "---", "Café", "Cafe"].map(
    roomNameOf,
  );
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,31}$/);
});
