import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REFUSALS } from "../../shared/codes.ts";
import { call, signUp } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let api: Api;
let bearer: string;
beforeAll(async () => {
  api = await startApi();
  bearer = (await signUp(api)).accessToken;
});
afterAll(() => api.close());

const RUNS = { numRuns: 150 };
const PATHS = ["signup", "login", "refresh", "logout", "rooms"] as const;
const names = fc.constantFrom("email", "password", "nickname", "name", "title", "__proto__", "constructor");
const text = fc.string({ unit: "binary", maxLength: 60 });
const value = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom("ana@example.com", "tea", "12345678"),
);
const body = fc.oneof(
  fc.dictionary(names, value).map((fields) => JSON.stringify(fields)),
  fc.json(),
  fc.uint8Array({ maxLength: 200 }),
);

/** Every answer is a success of the contract or one of its named problems; a crash fails the run. */
function expectNamed({ status, body: answer }: { status: number; body: { code?: string } | null }): void {
  if (status < 400) return;
  const code = answer?.code as keyof typeof REFUSALS;
  expect(REFUSALS[code]?.status).toBe(status);
  expect(status).toBeLessThan(500);
}

test("any body is answered by name", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PATHS), body, async (path, sent) => {
      const empty = sent.length === 0;
      expectNamed(await call(api, `POST /api/${path}`, { bearer, ...(empty ? {} : { body: sent }) }));
    }),
    RUNS,
  );
});

test("any path, query, cookie and token are answered by name", async () => {
  const latin = fc.string({
    unit: fc.constantFrom(..."aA0-_.~!*'();:@&=+$,/?%[]{}<>|^`\\\" é"),
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(latin, latin, latin, async (room, query, header) => {
      const path = `/api/rooms/${encodeURI(room)}/messages?${encodeURI(query)}`.replaceAll(" ", "");
      expectNamed(await call(api, `GET ${path}`, { cookie: header.trim() }));
      const [id, number] = [room, query].map(encodeURIComponent);
      expectNamed(await call(api, `DELETE /api/me/sessions/${id}`, { bearer }));
      expectNamed(await call(api, `GET /api/me/connections?limit=${number}`, { bearer }));
      expectNamed(await call(api, "GET /api/me", { headers: { authorization: `Bearer ${header}`.trim() } }));
      const headers = { "x-real-ip": header.trim(), "user-agent": header.trim() };
      expectNamed(await call(api, "POST /api/refresh", { cookie: `suda_refresh=${header}`.trim(), headers }));
    }),
    RUNS,
  );
});
