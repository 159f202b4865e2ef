import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type PostgresSettings,
  postgresUrl,
  startPostgresServer,
} from "../../infra/local/stores/postgres.ts";
import { freePort } from "../../load-tests/support/free-port.ts";
import { call, signUp, type Visitor } from "./testing/client.ts";
import { type Api, startApi } from "./testing/start-api.ts";

let settings: PostgresSettings;
let server: Awaited<ReturnType<typeof startPostgresServer>>;
let api: Api;
let ana: Visitor;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "suda-outage-"));
  settings = { folder, port: await freePort(), password: "test" };
  server = await startPostgresServer(settings);
  api = await startApi({ databaseUrl: postgresUrl(settings, "postgres") });
  ana = await signUp(api);
  await call(api, "GET /api/rooms");
});
afterAll(async () => {
  await api.close();
  await server.stop("SIGINT", 5_000);
  rmSync(settings.folder, { recursive: true, force: true });
});

test("while PostgreSQL is away nobody is told a lie, and all works again when it is back", async () => {
  await server.stop("SIGKILL", 0);
  const { email, password, cookie, accessToken } = ana;
  const refused = await Promise.all([
    call(api, "POST /api/login", { body: { email, password } }),
    call(api, "POST /api/refresh", { cookie }),
    call(api, "POST /api/logout", { cookie }),
    call(api, "GET /api/me", { bearer: accessToken }),
    call(api, "GET /api/rooms/never-heard-of/messages"),
  ]);
  for (const { status, body, headers } of refused) {
    expect([status, body.code, body.detail]).toEqual([503, "unavailable", undefined]);
    expect(body.retryAfterMs).toBeGreaterThan(0);
    expect(headers.get("retry-after")).toBe("1");
  }
  expect(api.ended).toEqual([]);

  expect((await call(api, "GET /healthz")).status).toBe(200);
  expect((await call(api, "GET /api/rooms")).status).toBe(200);
  expect((await call(api, "GET /api/rooms/lobby/messages")).status).toBe(200);

  server = await startPostgresServer(settings);
  await expect.poll(async () => (await call(api, "POST /api/refresh", { cookie })).status).toBe(200);
  expect((await call(api, "POST /api/login", { body: { email, password } })).status).toBe(200);
});
