/**
 * `node infra/convert/mattermost.ts export.jsonl | npm run import -- -`
 * Converts a bulk export of Mattermost. Open channels only, because everybody can read a room of Suda.
 */
import { readFileSync } from "node:fs";
import { type ArchiveLine, roomNameOf, titleOf, writeLines } from "./archive-line.ts";

type Post = {
  team?: string;
  channel?: string;
  user: string;
  message: string;
  create_at: number;
  replies?: Omit<Post, "team" | "channel">[] | null;
};
type Entry = {
  type: string;
  channel?: { team: string; name: string; display_name: string; type: string };
  user?: { username: string; email?: string };
  post?: Post;
};

/** @param jsonl the output of `mmctl export` or `mattermost export bulk`. */
export function fromMattermost(jsonl: string): ArchiveLine[] {
  const titles = new Map<string, string>();
  const emails = new Map<string, string>();
  const lines: ArchiveLine[] = [];
  for (const raw of jsonl.split("\n")) {
    if (raw.trim() === "") continue;
    const { type, channel, user, post } = JSON.parse(raw) as Entry;
    if (type === "channel" && channel?.type === "O")
      titles.set(keyOf(channel.team, channel.name), titleOf(channel.display_name || channel.name));
    else if (type === "user" && user?.email) emails.set(user.username, user.email);
    else if (type === "post" && post) addPost(post);
  }
  // An export has replies beside the post that they answer, so all lines are sorted by time.
  return lines.sort((one, other) => one.at - other.at);

  function addPost(post: Post): void {
    const key = keyOf(post.team, post.channel);
    const title = titles.get(key);
    if (title === undefined) return;
    for (const { user, message, create_at: at } of [post, ...(post.replies ?? [])]) {
      if (message.trim() === "") continue;
      const email = emails.get(user);
      lines.push({
        room: roomNameOf(key),
        title,
        at,
        user: { ...(email === undefined ? {} : { email }), nickname: user },
        text: message,
      });
    }
  }
}

const keyOf = (team: string | undefined, channel: string | undefined): string => `${team}-${channel}`;

const [, started, file] = process.argv;
if (started === import.meta.filename && file) await writeLines(fromMattermost(readFileSync(file, "utf8")));
