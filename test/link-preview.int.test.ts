/** The page that a link's preview is made of: nginx with the real page, before something in place of a gateway. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NO_FRONT } from "../infra/nginx/front.ts";
import { PROXY_TITLE_MS } from "../shared/timeouts.ts";
import { startNginx, type TestNginx } from "./support/nginx.ts";

const PAGE = readFileSync(new URL("../web/index.html", import.meta.url), "utf8");
const TITLES: Record<string, string> = {
  music: "새벽 라디오",
  quotes: `"</title><script>alert(1)</script>&<!--# echo var="own_cookies" -->'`,
};
const FRONT = { ...NO_FRONT, publicUrl: "https://chat.example.org" };

let gateway: Server;
let asked: string[] = [];
let own: TestNginx;
let below: TestNginx;

const open = async (gatewayPort: number, publicUrl: string): Promise<TestNginx> => {
  const nginx = await startNginx([gatewayPort], { front: { ...FRONT, publicUrl } });
  writeFileSync(join(nginx.folder, "web/index.html"), PAGE);
  return nginx;
};
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** The page as a crawler gets it. */
async function pageAt(url: string, language = ""): Promise<{ status: number; text: string }> {
  const headers = { "user-agent": "facebookexternalhit/1.1", "accept-language": language };
  const answer = await fetch(url, { headers });
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  return { status: answer.status, text: await answer.text() };
}

/** The value of a field of the head. */
const said = ({ text }: { text: string }, field: string): string | undefined =>
  new RegExp(`<meta (?:name|property)="${field}" content="([^"]*)"`).exec(text)?.[1];
const titleOf = ({ text }: { text: string }): string | undefined => /<title>(.*?)<\/title>/s.exec(text)?.[1];

beforeAll(async () => {
  gateway = createServer((request, response) => {
    asked.push(`${request.headers.authorization ?? ""}${request.url}`);
    const [, room = ""] = /^\/api\/rooms\/([\w-]+)\/title$/.exec(request.url ?? "") ?? [];
    if (room === "stuck") return;
    const title = Object.hasOwn(TITLES, room) ? TITLES[room] : undefined;
    response.statusCode = title === undefined ? 404 : 200;
    response.end(title ?? '{"code":"no_such_room"}');
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  own = await open(portOf(gateway), FRONT.publicUrl);
  below = await open(portOf(gateway), `${FRONT.publicUrl}/chat/`);
});
afterAll(async () => {
  await own.stop();
  await below.stop();
  gateway.closeAllConnections();
  gateway.close();
});

describe("the head of the page", () => {
  it("names a public room, in the language that is preferred", async () => {
    const korean = await pageAt(`${own.url}/r/music`, "ko-KR,ko;q=0.9,en;q=0.8");
    expect(korean.status).toBe(200);
    expect(korean.text).toContain('<html lang="ko">');
    expect(titleOf(korean)).toBe("새벽 라디오 · 수다");
    expect(said(korean, "og:title")).toBe("새벽 라디오");
    expect(said(korean, "og:description")).toMatch(/^수다의 대화방입니다/);
    expect(said(korean, "description")).toBe(said(korean, "og:description"));
    expect(said(korean, "og:locale")).toBe("ko_KR");
    const english = await pageAt(`${own.url}/r/music`, "en-GB,en;q=0.9,ko;q=0.8");
    expect(english.text).toContain('<html lang="en">');
    expect(said(english, "og:title")).toBe("새벽 라디오");
    expect(said(english, "og:description")).toMatch(/^A room of Suda/);
  });

  it("names the address that people open, and a picture below it, with a path as without", async () => {
    const page = await pageAt(`${own.url}/r/music`);
    expect(said(page, "og:url")).toBe("https://chat.example.org/r/music");
    expect(said(page, "og:image")).toBe("https://chat.example.org/preview.png");
    expect(said(page, "twitter:card")).toBe("summary_large_image");
    for (const path of ["/chat/r/music", "/r/music"]) {
      const there = await pageAt(below.url + path);
      expect(said(there, "og:url")).toBe("https://chat.example.org/chat/r/music");
      expect(said(there, "og:image")).toBe("https://chat.example.org/chat/preview.png");
      expect(there.text).toContain('href="/chat/manifest.webmanifest"');
    }
  });

  it("escapes whatever a title has", async () => {
    const page = await pageAt(`${own.url}/r/quotes`);
    expect(page.text).not.toContain("<script>alert");
    expect(said(page, "og:title")).toContain("&quot;&lt;/title&gt;&lt;script&gt;");
    expect(titleOf(page)).toContain("&lt;!--# echo var=");
  });

  it("is byte for byte the general one where the gateway knows no public room, and in invitations", async () => {
    const general = await pageAt(`${own.url}/`);
    expect(titleOf(general)).toBe("수다 · Suda");
    expect(said(general, "og:url")).toBe("https://chat.example.org/");
    for (const path of ["/r/none", "/r/p-abcdefghijklmnopqrstuvwxyz", "/r/%ec%88%98", "/r/A", "/invite/x"])
      expect([path, await pageAt(own.url + path)]).toEqual([path, general]);
  });

  it("asks as a guest, whoever opens the page", async () => {
    asked = [];
    await fetch(`${own.url}/r/music`, { headers: { authorization: "Bearer mine" } });
    expect(asked).toEqual(["/api/rooms/music/title"]);
  });

  it("does not wait for gateways: without one, or with one that hangs, the page is the general one", async () => {
    const general = await pageAt(`${own.url}/`);
    const begun = performance.now();
    expect(await pageAt(`${own.url}/r/stuck`)).toEqual(general);
    expect(performance.now() - begun).toBeLessThan(3 * PROXY_TITLE_MS);
    const alone = await open(1, FRONT.publicUrl);
    try {
      expect(await pageAt(`${alone.url}/r/music`)).toEqual(general);
    } finally {
      await alone.stop();
    }
  });

  it("has no trace of how it is made", async () => {
    for (const path of ["/", "/r/music", "/gone"])
      expect((await pageAt(own.url + path)).text).not.toMatch(/<!--#|\(none\)/);
  });
});
