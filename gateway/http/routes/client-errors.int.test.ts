import { afterAll, beforeAll, expect, test } from "vitest";
import { HTTP_RATES } from "../../../shared/server/process/http-rates.ts";
import { call } from "../testing/client.ts";
import { type Api, startApi } from "../testing/start-api.ts";

let api: Api;
beforeAll(async () => {
  api = await startApi({ limits: true });
});
afterAll(() => api.close());

const fault = { where: "screen", name: "TypeError", at: ["main-1A2B3C.js:12:345"] };
const tell = (body: unknown, ip: string) =>
  call(api, "POST /api/client-errors", { body, headers: { "x-real-ip": ip } });

test("a guest's page tells that it failed; nothing else fits into the report", async () => {
  expect((await tell(fault, "192.0.2.1")).status).toBe(204);
  expect(api.failedPages).toEqual(["screen"]);
  const bodies = [
    { ...fault, where: "elsewhere" },
    { ...fault, name: "what somebody wrote" },
    { ...fault, name: "x".repeat(41) },
    { ...fault, at: ["what somebody wrote:1:1"] },
    { ...fault, at: Array(9).fill("main.js:1:1") },
    {},
  ];
  for (const body of bodies) expect((await tell(body, "192.0.2.1")).body.code).toBe("invalid");
  expect(api.failedPages).toEqual(["screen"]);
});

test("an address tells so often in a minute and no more; others still do", async () => {
  const answers = [];
  for (let n = 0; n <= HTTP_RATES.client_error_ip; n++) answers.push((await tell(fault, "192.0.2.2")).status);
  expect(answers).toEqual([...Array(HTTP_RATES.client_error_ip).fill(204), 429]);
  expect((await tell(fault, "192.0.2.3")).status).toBe(204);
});
