/** The route of a user's mentions. */
import { Refusal } from "../../errors.ts";
import { ipKey } from "../../limits/client-ip.ts";
import type { Authentication } from "../authenticate.ts";
import { pageLimit } from "../query-string.ts";
import type { Answer, Call } from "../request.ts";
import { rawJson } from "../response.ts";

type Place = { room: string; seq: number; at: number };
export type MentionRoutesDeps = {
  mentions: {
    page: (
      userId: string,
      before: Place | undefined,
      limit: number,
      reader: string,
    ) => Promise<{ mentions: string[]; next: Place | undefined }>;
  };
  authentication: Authentication;
};

/** `time seq room` of the last mention of a page. */
const CURSOR = /^(\d{1,15})-(\d{1,16})-([a-z0-9-]{1,64})$/;

/** @throws Refusal `invalid`. */
function pageBefore(query: URLSearchParams): Place | undefined {
  const raw = query.get("before") ?? undefined;
  if (raw === undefined) return undefined;
  const [, at, seq, room] = CURSOR.exec(raw) ?? [];
  if (room === undefined) throw new Refusal("invalid", { fields: { before: "bad_format" } });
  return { at: Number(at), seq: Number(seq), room };
}

export function mentionRoutes({ mentions, authentication }: MentionRoutesDeps) {
  return {
    async list(call: Call): Promise<Answer> {
      const { userId } = authentication.requireUser(call);
      const reader = ipKey(call.device.ip);
      const page = await mentions.page(userId, pageBefore(call.query), pageLimit(call.query), reader);
      const { next } = page;
      const cursor = next ? `,"next":"${next.at}-${next.seq}-${next.room}"` : "";
      return rawJson(`{"mentions":[${page.mentions.join(",")}],"more":${next !== undefined}${cursor}}`);
    },
  };
}
