/** nginx that ends TLS itself: files that are renewed, that do not fit, and what a browser hears of it. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, it, test } from "vitest";
import { WebSocket } from "ws";
import { judgeCertificate } from "../infra/local/data/certificate.ts";
import { openTlsFiles, type TlsFiles } from "../infra/local/stores/tls-files.ts";
import { NO_FRONT } from "../infra/nginx/front.ts";
import { freePort } from "../load-tests/support/free-port.ts";
import { certificateFindings } from "../shared/server/preflight/certificate.ts";
import { lineOfFinding } from "../shared/server/preflight/finding.ts";
import { until } from "../shared/until.ts";
import { issueCertificate } from "./support/certificate.ts";
import { type Heard, startEcho, startNginx, type TestNginx } from "./support/nginx.ts";

const NAME = "chat.example.org";
const folder = mkdtempSync(join(tmpdir(), "suda-tls-"));
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), "utf8");
const said: string[] = [];
let echo: Awaited<ReturnType<typeof startEcho>>;
let nginx: TestNginx;
let tls: TlsFiles;
let plainPort = 0;

const issue = (file: string, name: string, days: number): void => issueCertificate(at(file), name, days);
const use = (file: string): void => {
  for (const kind of ["crt", "key"]) copyFileSync(at(`${file}.${kind}`), at(`live.${kind}`));
};
const trusting = { servername: NAME, rejectUnauthorized: false };

beforeAll(async () => {
  issue("first", NAME, 30);
  issue("second", NAME, 60);
  issue("other", "other.example.org", 30);
  use("first");
  echo = await startEcho();
  tls = openTlsFiles(
    { cert: at("live.crt"), key: at("live.key") },
    at("copies"),
    NAME,
    (line) => said.push(line),
    50,
  );
  plainPort = await freePort();
  mkdirSync(at(".well-known/acme-challenge"), { recursive: true });
  writeFileSync(at(".well-known/acme-challenge/token"), "answer");
  const plain = { port: plainPort, acme: folder };
  nginx = await startNginx([echo.port], { front: { ...NO_FRONT, tls: { ...tls.files, plain } } });
  tls.watch(nginx.reload);
});
afterAll(async () => {
  tls.stop();
  await nginx.stop();
  echo.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string): Promise<{ headers: NodeJS.Dict<string | string[]>; body: string }> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: nginx.port, path, ...trusting }, async (answer) =>
      resolve({ headers: answer.headers, body: Buffer.concat(await answer.toArray()).toString() }),
    );
    asked.on("error", reject).end();
  });

/** The certificate that is in use. */
const serial = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const ca = [read("first.crt"), read("second.crt")];
    const checkServerIdentity = (_: string, { serialNumber }: { serialNumber: string }) => {
      resolve(serialNumber);
      return undefined;
    };
    const where = { host: "127.0.0.1", port: nginx.port, servername: NAME, ca, checkServerIdentity };
    const socket = connect(where, () => socket.destroy()).on("error", reject);
  });

it("browsers are told to stay with TLS, and gateways that the page is one of https", async () => {
  const { headers } = await ask("/");
  expect(headers["strict-transport-security"]).toMatch(/^max-age=\d{7,}/);
  const heard = JSON.parse((await ask("/api/rooms")).body) as Heard;
  expect(heard.headers).toMatchObject({ "x-forwarded-proto": "https", host: `127.0.0.1:${nginx.port}` });
});

it("the page comes over HTTP/2", async () => {
  const session = connectHttp2(`https://127.0.0.1:${nginx.port}`, trusting);
  const stream = session.request({ ":path": "/", cookie: "a=1" });
  const [headers] = (await new Promise<unknown[]>((resolve) => {
    stream.once("response", (...all) => resolve(all));
  })) as [Record<string, unknown>];
  session.destroy();
  expect(headers[":status"]).toBe(200);
});

it("plain HTTP on the same port is sent on to https, to the same name and path", async () => {
  const answer = await fetch(`http://127.0.0.1:${nginx.port}/r/tea?x=1`, { redirect: "manual" });
  expect(answer.status).toBe(301);
  expect(answer.headers.get("location")).toBe(`https://127.0.0.1:${nginx.port}/r/tea?x=1`);
});

it("so it is from a port of HTTP beside it, where an ACME client may answer too", async () => {
  const at = `http://127.0.0.1:${plainPort}`;
  const answer = await fetch(`${at}/r/tea?x=1`, { redirect: "manual" });
  expect(answer.headers.get("location")).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/r\/tea\?x=1$/);
  expect(await (await fetch(`${at}/.well-known/acme-challenge/token`)).text()).toBe("answer");
});

it("a renewed file is taken up without a cut socket; a key that does not fit is said in one line and changes nothing", async () => {
  const socket = new WebSocket(`wss://127.0.0.1:${nginx.port}/ws`, trusting);
  await new Promise((resolve) => socket.once("message", resolve));
  const first = await serial();
  use("second");
  await until("the renewed certificate is in use", async () => (await serial()) !== first);
  const second = await serial();
  copyFileSync(at("other.key"), at("live.key"));
  await until("the mistake is said", () =>
    said.some((line) => line.includes("the former certificate stays")),
  );
  // A process of nginx that leaves may take a few more connections.
  await until(
    "only the renewed certificate is in use",
    async () => {
      const seen = await Promise.all(Array.from({ length: 10 }, serial));
      return seen.every((each) => each === second);
    },
    { withinMs: 25_000 },
  );
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
  expect(said.every((line) => line.length < 300 && !line.includes("\n"))).toBe(true);
});

test("a certificate is judged in words", () => {
  const judge = (cert: string, key: string) => judgeCertificate(cert, key, NAME, Date.now());
  expect(judge(read("first.crt"), read("first.key"))).toEqual({ refusal: "", warnings: [] });
  expect(judge(read("first.crt"), read("other.key")).refusal).toBe("the key is not that of the certificate");
  expect(judge("nonsense", read("other.key")).refusal).toContain("certificate");
  expect(judge(read("first.crt"), "nonsense").refusal).toContain("key");
  expect(judge(read("other.crt"), read("other.key")).warnings).toEqual([
    expect.stringMatching(/other\.example\.org.*not for chat\.example\.org/),
  ]);
});

test("the end of a certificate is told two weeks before, and when it has come", () => {
  const inDays = (days: number): string[] =>
    certificateFindings(at("first.crt"), Date.now() + days * 86_400_000).map(
      (finding) => `${finding.kind}: ${lineOfFinding(finding)}`,
    );
  expect(inDays(15).filter((line) => !line.startsWith("fine"))).toEqual([]);
  expect(inDays(20)).toContainEqual(
    expect.stringMatching(/^warns: the certificate ends on \d{4}-\d\d-\d\d, in 9 days: renew it; /),
  );
  expect(inDays(31)).toEqual([
    expect.stringMatching(/^warns: the certificate ended on \d{4}-\d\d-\d\d: renew it; /),
  ]);
  expect(certificateFindings(at("none.crt"))).toMatchObject([{ kind: "warns", about: "certificate" }]);
  expect(certificateFindings("")).toEqual([]);
});
