/** Transports with the other end played by a test. */
import type { OpenTransport, TransportEvents } from "./transport.ts";

export type FarEnd = {
  /** The frames that were sent here. */
  said: { type: string; [field: string]: unknown }[];
  isClosed: boolean;
  opens(): void;
  tells(...frames: object[]): void;
  speaks(text: string): void;
  ends(code: number): void;
};

export function createFakeTransports(): {
  transports: FarEnd[];
  last: () => FarEnd;
  openTransport: OpenTransport;
} {
  const transports: FarEnd[] = [];

  return { transports, last, openTransport };

  function openTransport(events: TransportEvents) {
    const far: FarEnd = {
      said: [],
      isClosed: false,
      opens: () => events.opened(),
      tells: (...frames) => events.received(JSON.stringify(frames.length === 1 ? frames[0] : frames)),
      speaks: (text) => events.received(text),
      ends: (code) => events.closed(code),
    };
    transports.push(far);
    return {
      send: (text: string) => far.said.push(JSON.parse(text)),
      close: () => {
        far.isClosed = true;
      },
    };
  }

  function last(): FarEnd {
    const far = transports.at(-1);
    if (!far) throw new Error("no transport was opened");
    return far;
  }
}

export const fakeWelcome = (connection: string) => ({
  type: "welcome",
  v: 1,
  connection,
  gateway: "gateway-1",
  user: null,
  restricted: null,
  limits: { messageChars: 30, frameBytes: 4096, resendMs: 600_000 },
});
