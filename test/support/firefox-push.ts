/**
 * The side of a push service that Firefox speaks to: JSON over a WebSocket, by which a browser gets addresses for its subscriptions, and
 * the encrypted messages that were sent to them. Firefox itself decrypts.
 */
import type { AddressInfo } from "node:net";
import { launch } from "puppeteer-core";
import { type WebSocket, WebSocketServer } from "ws";
import { findProgram } from "../../infra/local/supervise/die-with-parent.ts";
import type { PushService } from "./push-service.ts";

type FromBrowser = {
  messageType?: string;
  uaid?: string;
  channelID?: string;
  updates?: { version: string; code: number }[];
};

/** Of an acknowledgement: decrypted, and given to the service worker. */
const DELIVERED = 100;

export async function startFirefoxPush(service: PushService) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  /** Messages that Firefox gave to a service worker. */
  let delivered = 0;
  let sent = 0;

  server.on("connection", (browser) => {
    browser.on("message", (bytes) => {
      const said = JSON.parse(String(bytes)) as FromBrowser;
      if (said.messageType === "ack")
        delivered += (said.updates ?? []).filter(({ code }) => code === DELIVERED).length;
      const answer = answerTo(browser, said);
      if (answer) browser.send(JSON.stringify(answer));
    });
  });

  return {
    delivered: () => delivered,
    /** A Firefox whose push service this is, in which pages may notify. Close it at the end. */
    launch: () =>
      launch({
        browser: "firefox",
        executablePath: findProgram("firefox-esr", "firefox") ?? "",
        defaultViewport: { width: 900, height: 700 },
        extraPrefsFirefox: {
          "dom.push.connection.enabled": true,
          "dom.push.serverURL": `ws://localhost:${(server.address() as AddressInfo).port}/`,
          "dom.push.testing.allowInsecureServerURL": true,
          "permissions.default.desktop-notification": 1,
          "alerts.useSystemBackend": false,
        },
      }),
    async stop(): Promise<void> {
      for (const browser of server.clients) browser.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function answerTo(
    browser: WebSocket,
    { messageType, uaid, channelID = "" }: FromBrowser,
  ): object | undefined {
    if (messageType === undefined) return {};
    if (messageType === "hello")
      return { messageType, uaid: uaid || "f".repeat(32), status: 200, use_webpush: true, broadcasts: {} };
    if (messageType === "unregister") return { messageType, channelID, status: 200 };
    if (messageType !== "register") return undefined;
    const path = `/firefox/${channelID}`;
    service.pass(path, (body) => {
      sent += 1;
      const headers = { encoding: "aes128gcm" };
      const data = body.toString("base64url");
      browser.send(
        JSON.stringify({ messageType: "notification", channelID, version: `v${sent}`, data, headers }),
      );
    });
    return { messageType, channelID, status: 200, pushEndpoint: service.origin + path };
  }
}
