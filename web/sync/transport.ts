/** The browser's WebSocket, reduced to the three things that a connection needs, so that tests can play the other end. */
import type { ProblemCode } from "../../shared/codes.ts";
import { PREFIX } from "./urls.ts";

export type TransportEvents = {
  opened(): void;
  received(text: string): void;
  /** At most once, and last. */
  closed(code: number): void;
};

type Transport = { send(text: string): void; close(): void };
export type OpenTransport = (events: TransportEvents) => Transport;

/** Whether the cluster refuses pages of this address: any call that could have an effect tells. */
export async function isAddressRefused(): Promise<boolean> {
  const answer = await fetch(`${PREFIX}/healthz`, { method: "POST" });
  return answer.status === 403 && (await answer.json()).code === ("forbidden" satisfies ProblemCode);
}

/** Opens WebSockets to `url`. The close code is 1006 if the connection was lost or never opened. */
export const browserTransport =
  (url: string): OpenTransport =>
  (events) => {
    const webSocket = new WebSocket(url);
    webSocket.onopen = () => events.opened();
    webSocket.onmessage = (message) => events.received(String(message.data));
    webSocket.onclose = (close) => events.closed(close.code);
    return {
      send: (text) => webSocket.send(text),
      close: () => webSocket.close(1000),
    };
  };
