/**
 * One request to a push service, within a bounded time, and never into our own network: the address that a name leads to is looked
 * at for each connection. Redirects are not followed, and of an answer only the status counts.
 */
import { lookup } from "node:dns";
import { Agent, request } from "node:https";
import type { LookupFunction } from "node:net";
import { isListed, isPublicAddress } from "../../shared/server/push/endpoint.ts";
import { type BrowserKeys, encrypt } from "./encrypt.ts";

/**
 * `gone`: the subscription is over. `refused`: the service does not want this message. `busy`: it was not taken, and may be tried
 * again. `lost`: nobody knows whether it was taken.
 */
export type Outcome = { is: "sent" | "gone" | "refused" | "lost" } | { is: "busy"; retryAfterMs?: number };

export type Delivery = BrowserKeys & { endpoint: string; text: string; topic: string };

const TIMEOUT_MS = 10_000;
const BODY_MS = 1_000;
/** A message that waits longer for a browser to come back is of no use. */
const TTL_S = 12 * 3_600;
/** Connections to one service, so that a hanging one leaves room for the others. */
const MAX_CONNECTIONS = 16;
const MAX_RETRY_AFTER_MS = 60_000;
/** Errors from before a request was written. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
]);
const PRIVATE = "ESUDAPRIVATE";

/**
 * @param hosts names that may lead anywhere; see `isPushEndpoint`. @param authorization of a service's origin.
 * @param ca a certificate that is trusted in place of those of the system; for tests.
 */
export function createDelivery(
  hosts: readonly string[],
  authorization: (origin: string) => string,
  ca?: Buffer,
) {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: MAX_CONNECTIONS,
    maxFreeSockets: 2,
    timeout: TIMEOUT_MS,
    ...(ca ? { ca } : {}),
  });

  return { deliver, close: () => agent.destroy() };

  function deliver({ endpoint, text, topic, ...keys }: Delivery): Promise<Outcome> {
    return new Promise((resolve) => {
      let body: Buffer;
      try {
        body = encrypt(text, keys);
      } catch {
        // A key that is no point of the curve: no browser has it.
        return resolve({ is: "gone" });
      }
      const headers = {
        ...{ "content-type": "application/octet-stream", "content-encoding": "aes128gcm" },
        ...{ "content-length": body.length, ttl: TTL_S, urgency: "high", topic },
        authorization: authorization(new URL(endpoint).origin),
      };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const sent = request(
        endpoint,
        { method: "POST", agent, headers, signal, lookup: safeLookup },
        (answer) => {
          resolve(outcomeOf(answer.statusCode ?? 0, answer.headers["retry-after"]));
          // The body is of no interest, and may be endless.
          const cut = setTimeout(() => answer.destroy(), BODY_MS);
          answer
            .on("error", () => undefined)
            .on("close", () => clearTimeout(cut))
            .resume();
        },
      );
      sent.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === PRIVATE) resolve({ is: "refused" });
        else resolve({ is: UNSENT.has(error.code ?? "") ? "busy" : "lost" });
      });
      sent.end(body);
    });
  }

  function safeLookup(...[hostname, options, callback]: Parameters<LookupFunction>): void {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, "", 0);
      const usable = isListed(hostname, hosts)
        ? found
        : found.filter(({ address }) => isPublicAddress(address));
      const [first] = usable;
      if (!first) return callback(Object.assign(new Error("not of the internet"), { code: PRIVATE }), "", 0);
      if (options.all)
        (callback as unknown as (error: undefined, all: typeof usable) => void)(undefined, usable);
      else
        (callback as unknown as (error: undefined, address: string, family: number) => void)(
          undefined,
          first.address,
          first.family,
        );
    });
  }
}

function outcomeOf(status: number, retryAfter: string | undefined): Outcome {
  if (status >= 200 && status < 300) return { is: "sent" };
  if (status === 404 || status === 410) return { is: "gone" };
  if (status !== 429 && status < 500) return { is: "refused" };
  const seconds = Number(retryAfter);
  return seconds > 0
    ? { is: "busy", retryAfterMs: Math.min(MAX_RETRY_AFTER_MS, seconds * 1_000) }
    : { is: "busy" };
}
