/** Reads, of all shards together, the messages that mention somebody (append.lua notes them). */
import type { Commands } from "./connect.ts";
import type { RedisKeys } from "./keys.ts";
import { openScript } from "./script.ts";

export type MentionStore = ReturnType<typeof openMentionStore>;
/** A message that concerns users: those it mentions and the author that it replies to. `by`: its own author. */
export type MentionNote = { room: string; seq: number; at: number; by: string; users: readonly string[] };
/** For each shard the id of the newest entry that was read; '' for none. */
export type MentionPlaces = readonly string[];

type Entry = [id: string, fields: string[]];

export function openMentionStore(redis: Commands, keys: RedisKeys) {
  const script = openScript(redis, "read-mentions");
  const streams = Array.from({ length: keys.shards }, (_, shard) => keys.mentions(shard));
  return {
    /** Before the oldest entry. */
    start: streams.map(() => "") as MentionPlaces,

    /**
     * @param max entries of each shard.
     * @returns the entries behind `places`, those of a shard oldest first, and the places behind them; `more`: a shard may have others.
     */
    async read(
      places: MentionPlaces,
      max: number,
    ): Promise<{ notes: MentionNote[]; places: MentionPlaces; more: boolean }> {
      const news = (await script.run(streams, [max, ...places])) as [place: number, Entry[]][];
      const reached = [...places];
      for (const [place, entries] of news) reached[place - 1] = entries.at(-1)?.[0] ?? "";
      const notes = news.flatMap(([, entries]) => entries.map(noteOf));
      return { notes, places: reached, more: news.some(([, entries]) => entries.length >= max) };
    },
  };
}

function noteOf([, fields]: Entry): MentionNote {
  const values = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) values.set(fields[i] ?? "", fields[i + 1] ?? "");
  return {
    room: values.get("room") ?? "",
    seq: Number(values.get("seq")),
    at: Number(values.get("at")),
    by: values.get("by") ?? "",
    users: (values.get("ids") ?? "").split(" "),
  };
}
