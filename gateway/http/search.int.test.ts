import { afterAll, beforeAll, expect, test } from "vitest";
import { HITS_MAX } from "../../shared/limits.ts";
import type { SearchAnswer } from "../../shared/search-api.ts";
import { ensureAhead } from "../../worker/partitions.ts";
import { call } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi();
  const { sql } = api;
  await ensureAhead(sql, Date.now());
  await sql`insert into messages (room_id, seq, day, time, kind, user_id, nickname, client_id, text, deleted)
    select rooms.id, seq, now()::date, '12:00', 'message', '01936f6e-0000-7000-8000-000000000001', 'n', 'c' || seq, text, deleted
    from rooms, (values (1, '하늘이 파란 날', false), (2, 'Blue Sky', false), (3, null, true), (4, '하늘 sky 하늘', false))
      as said (seq, text, deleted) where name = 'lobby'`;
  await sql`update rooms set last_seq = 4 where name = 'lobby'`;
});
afterAll(() => api.close());

const search = (query: Record<string, string>, room = "lobby") =>
  call(api, `GET /api/rooms/${room}/search?${new URLSearchParams(query)}`);

test("a search answers a page of hits with the places of the words", async () => {
  const { status, body } = await search({ q: " 하늘  ", limit: "1" });
  expect(status).toBe(200);
  const first: SearchAnswer = body;
  expect(first).toEqual({
    hits: [
      {
        event: expect.objectContaining({ seq: 4, text: "하늘 sky 하늘" }),
        marks: [
          [0, 2],
          [7, 2],
        ],
      },
    ],
    more: true,
    next: 4,
  });
  const rest = (await search({ q: "하늘", before: String(first.next) })).body;
  expect(rest).toEqual({
    hits: [{ event: expect.objectContaining({ seq: 1 }), marks: [[0, 2]] }],
    more: false,
  });
  const both = (await search({ q: "SKY b" })).body;
  expect(both.hits).toEqual([
    {
      event: expect.objectContaining({ seq: 2 }),
      marks: [
        [0, 1],
        [5, 3],
      ],
    },
  ]);
});

test.each([
  [{}, { q: "missing" }],
  [{ q: " " }, { q: "missing" }],
  [{ q: "a b 하" }, { q: "too_short" }],
  [{ q: "x".repeat(61) }, { q: "too_long" }],
  [{ q: "a\0b" }, { q: "not_allowed" }],
  [{ q: "ok", limit: String(HITS_MAX + 1) }, { limit: "not_allowed" }],
  [{ q: "ok", before: "-1" }, { before: "bad_format" }],
])("%j is refused", async (query: Record<string, string>, fields) => {
  const { status, body } = await search(query);
  expect([status, body.code, body.fields]).toEqual([400, "invalid", fields]);
});

test("signs of SQL and of patterns are letters like others, and nothing is found in a room that is not there", async () => {
  for (const q of ["%%", "__", "' or 1=1", "\\\\", "({[*", "😀😀", "가".repeat(60), `${"a ".repeat(29)}bb`])
    expect((await search({ q })).body, q).toEqual({ hits: [], more: false });
  expect((await search({ q: "하늘" }, "no-room")).body.code).toBe("no_such_room");
  expect(api.internalErrors).toEqual([]);
});
