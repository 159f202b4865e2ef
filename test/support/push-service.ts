/**
 * A push service and the browsers behind it, for tests: an HTTPS server that speaks the protocol (RFC 8030), and decrypts with the keys of
 * the subscription as a browser does (RFC 8291).
 */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PushMessage } from "../../shared/push-message.ts";
import { issueCertificate } from "./certificate.ts";

type Received = { path: string; headers: IncomingHttpHeaders; message: PushMessage };
/** The answer to a message: a status, or none at all. */
type Answer = { status: number; headers?: Record<string, string> } | "hang" | "cut";

const HEADER_BYTES = 16 + 4 + 1;

/** A browser's keys, and its subscription below `origin`. */
export function createReceiver(origin: string, name: string) {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  const auth = randomBytes(16);
  const path = `/push/${name}`;
  return {
    path,
    auth,
    body: {
      endpoint: origin + path,
      p256dh: pair.getPublicKey("base64url"),
      auth: auth.toString("base64url"),
    },
    decrypt: (body: Buffer): string => decrypt(body, pair, auth),
  };
}

export type Receiver = ReturnType<typeof createReceiver>;

function decrypt(body: Buffer, pair: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const keyLength = body.readUInt8(20);
  const sender = body.subarray(HEADER_BYTES, HEADER_BYTES + keyLength);
  const sealed = body.subarray(HEADER_BYTES + keyLength);
  const derive = (input: Uint8Array, by: Uint8Array, info: Uint8Array, bytes: number) =>
    Buffer.from(hkdfSync("sha256", input, by, info, bytes));
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), pair.getPublicKey(), sender]);
  const input = derive(pair.computeSecret(sender), auth, info, 32);
  const key = derive(input, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = derive(input, salt, Buffer.from("Content-Encoding: nonce\0"), 12);
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return plain.subarray(0, plain.lastIndexOf(2)).toString("utf8");
}

/** `certificate`: the file by which a client trusts it. */
export async function startPushService() {
  const folder = mkdtempSync(join(tmpdir(), "suda-push-"));
  issueCertificate(join(folder, "push"), "localhost", 1);
  const [cert, key] = ["push.crt", "push.key"].map((name) => readFileSync(join(folder, name)));
  const receivers = new Map<string, Receiver>();
  const passed = new Map<string, (body: Buffer) => void>();
  const received: Received[] = [];
  /** Requests, those that were not taken as well. */
  const asked: string[] = [];
  let answerTo: (path: string, count: number) => Answer = () => ({ status: 201 });

  const server = createServer({ cert, key }, (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const path = request.url ?? "";
      asked.push(path);
      const answer = answerTo(path, asked.filter((each) => each === path).length);
      if (answer === "hang") return;
      if (answer === "cut") return void request.socket.destroy();
      if (answer.status < 300) passed.get(path)?.(Buffer.concat(parts));
      const receiver = receivers.get(path);
      if (receiver && answer.status < 300) {
        const message = JSON.parse(receiver.decrypt(Buffer.concat(parts))) as PushMessage;
        received.push({ path, headers: request.headers, message });
      }
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    certificate: join(folder, "push.crt"),
    received,
    asked,
    /** Makes a browser whose messages this service takes. */
    receiver(name: string): Receiver {
      const receiver = createReceiver(origin, name);
      receivers.set(receiver.path, receiver);
      return receiver;
    },
    /** Has the messages to a path taken as they are, still encrypted. */
    pass(path: string, take: (body: Buffer) => void): void {
      passed.set(path, take);
    },
    answer(by: typeof answerTo): void {
      answerTo = by;
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type PushService = Awaited<ReturnType<typeof startPushService>>;
