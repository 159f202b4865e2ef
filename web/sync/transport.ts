/** The browser's WebSocket behind the three things a connection needs of it, so that tests can play the other end. */

export type LineEvents = {
  opened(): void;
  received(text: string): void;
  /** At most once, and last. */
  closed(code: number): void;
};

export type Line = { send(text: string): void; close(): void };
export type OpenLine = (events: LineEvents) => Line;

/** Opens WebSockets to `url`. The close code is 1006 when the line was cut or never stood. */
export const browserLine =
  (url: string): OpenLine =>
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
