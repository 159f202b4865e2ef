/**
 * `node infra/convert/slack.ts FOLDER | npm run import -- -`
 * Converts an unzipped export of Slack: channels.json, users.json, and for each channel a folder with a file for each
 * day. Public channels only, because everybody can read a room of Suda.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ArchiveLine, roomNameOf, titleOf, writeLines } from "./archive-line.ts";

type Channel = { id: string; name: string; topic?: { value?: string } };
type User = {
  id: string;
  name: string;
  real_name?: string;
  profile?: { display_name?: string; real_name?: string; email?: string };
};
type Message = {
  type: string;
  subtype?: string;
  user?: string;
  username?: string;
  text?: string;
  ts: string;
  files?: { name?: string; title?: string }[];
};

/** Subtypes of messages by people and programs. All other subtypes are about the channel itself. */
const SAID: readonly (string | undefined)[] = [
  undefined,
  "me_message",
  "thread_broadcast",
  "bot_message",
  "file_share",
];

export function* fromSlack(folder: string): Generator<ArchiveLine> {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
  const users = new Map(read<User[]>("users.json").map((user) => [user.id, user]));
  for (const channel of read<Channel[]>("channels.json")) {
    const days = existsSync(join(folder, channel.name)) ? readdirSync(join(folder, channel.name)) : [];
    for (const day of days.filter((name) => name.endsWith(".json")).sort()) {
      const messages = read<Message[]>(join(channel.name, day));
      for (const message of messages.sort((one, other) => Number(one.ts) - Number(other.ts))) {
        const line = lineOf(channel, message, users);
        if (line) yield line;
      }
    }
  }
}

function lineOf(
  { name }: Channel,
  message: Message,
  users: ReadonlyMap<string, User>,
): ArchiveLine | undefined {
  const { type, subtype, ts, files = [] } = message;
  if (type !== "message" || !SAID.includes(subtype)) return undefined;
  const said = [
    textOf(message.text ?? "", users),
    ...files.map((file) => `[${file.title || file.name || "file"}]`),
  ];
  const text = said.filter((part) => part !== "").join("\n");
  if (text.trim() === "") return undefined;
  const user = users.get(message.user ?? "");
  const nickname = (user && nameOf(user)) ?? message.username ?? message.user ?? "unknown";
  const email = user?.profile?.email;
  return {
    room: roomNameOf(name),
    title: titleOf(name),
    at: Math.floor(Number(ts) * 1_000),
    user: { ...(email ? { email } : {}), nickname },
    clientId: `slack-${ts.replace(".", "-")}`,
    text,
  };
}

const nameOf = ({ name, real_name, profile }: User): string =>
  profile?.display_name || profile?.real_name || real_name || name;

/** Resolves Slack's markup: `<@U1>`, `<#C1|general>`, `<https://…|words>`, and the three escaped characters. */
function textOf(raw: string, users: ReadonlyMap<string, User>): string {
  return raw
    .replaceAll(/<([@#!]?)([^|>]+)(?:\|([^>]*))?>/g, (_, mark: string, target: string, label?: string) => {
      const user = users.get(target);
      if (mark === "@") return `@${label || (user ? nameOf(user) : target)}`;
      if (mark !== "") return `${mark === "#" ? "#" : "@"}${label || target}`;
      return label && label !== target ? `${label} (${target})` : target;
    })
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

const [, started, folder] = process.argv;
if (started === import.meta.filename && folder) await writeLines(fromSlack(folder));
