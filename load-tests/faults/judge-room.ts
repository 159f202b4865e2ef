/** Reads a room as PostgreSQL and the API have it after a fault, and judges it by the journals of its clients. */
import type { ReactionsAnswer } from "../../shared/http-reactions.ts";
import type { PinAnswer } from "../../shared/moderation-answers.ts";
import { readHistory } from "../history.ts";
import { readMarks } from "../mark-queries.ts";
import { readDeletions, readRows } from "../queries.ts";
import type { Minted } from "../support/commands.ts";
import type { Moderating } from "./acts/moderator.ts";
import type { Crowd } from "./client/crowd.ts";
import { readMentionList } from "./client/mention-lists.ts";
import { judge, type Verdict } from "./judge/judge.ts";
import type { FaultCluster } from "./target/fault-cluster.ts";

type Judged = {
  crowd: Crowd;
  cluster: FaultCluster;
  room: string;
  /** The users whose lists of mentions are read. */
  mentioned: readonly Minted[];
  /** In the room that is moderated. */
  moderating: Moderating | undefined;
  removals: Moderating["removals"];
  withRetries: <T>(work: () => Promise<T>) => Promise<T>;
};

/** Messages whose reactions are counted by one request. */
const COUNTED = 300;

export async function judgeRoom(judged: Judged): Promise<Verdict> {
  const { crowd, cluster, room, mentioned, moderating, removals, withRetries } = judged;
  const { url, backends } = cluster;
  const members = crowd.membersOf(room);
  const attempts = members.flatMap(({ sentLog }) => sentLog.attempts).sort((one, other) => one.at - other.at);
  const history = await withRetries(() => readHistory(url, room));
  const stored = await readMarks(backends.databaseUrl, room);
  const lists = new Map<string, number[]>();
  for (const user of mentioned) {
    const places = await withRetries(async () => required(await readMentionList(url, user, new Set([room]))));
    lists.set(
      user.user.id,
      places.map(({ seq }) => seq),
    );
  }
  const counted: ReactionsAnswer["reactions"] = [];
  for (let from = 0; from < history.length; from += COUNTED) {
    const [first, last] = [history[from]?.seq, history[Math.min(from + COUNTED, history.length) - 1]?.seq];
    const path = `/rooms/${room}/reactions?from=${first}&to=${last}`;
    counted.push(...(await withRetries(() => ask<ReactionsAnswer>(url, path))).reactions);
  }
  const shown = (await withRetries(() => ask<PinAnswer>(url, `/rooms/${room}/pin`))).pinned;
  return judge({
    attempts,
    receivers: members.map(({ receiver }) => receiver),
    history,
    rows: await readRows(backends.databaseUrl, room),
    deletions: await readDeletions(backends.databaseUrl, room),
    marks: {
      ...{ stored, lists },
      reacting: {
        wishes: members.flatMap(({ user, wishes }) => wishes().map((wish) => ({ ...wish, user }))),
        counted,
      },
      pinning: moderating && { acts: moderating.pins, shown },
      removing: { removals: stored.removals, named: stored.named, done: removals },
    },
  });
}

async function ask<T>(url: string, path: string): Promise<T> {
  const response = await fetch(`${url}/api${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as T;
}

function required<T>(found: T | undefined): T {
  if (found === undefined) throw new Error("a list of mentions was not answered");
  return found;
}
