/** The browsers that a user wants to be notified in, one for each session. Sending is the worker's. */
import type { PushBody, PushStateAnswer } from "../../shared/push-api.ts";
import type { Subject } from "../../shared/server/identity/access-tokens.ts";
import { isPushEndpoint } from "../../shared/server/push/endpoint.ts";
import type { FrontStore } from "../../shared/server/redis/front-store.ts";
import { Refusal } from "../errors.ts";
import type { HttpLimits } from "../limits/http-rate-limits.ts";
import type { PushQueries } from "./push-queries.ts";

export type PushSubscriptions = ReturnType<typeof createPushSubscriptions>;

type Deps = {
  queries: PushQueries;
  limits: Pick<HttpLimits, "push">;
  front: Pick<FrontStore, "inFront">;
  /** The only names of push services that are accepted; none: any of the internet. */
  hosts: readonly string[];
};

/** Each of a user's notifications is a request for each of these. */
const MAX_OF_USER = 10;

export function createPushSubscriptions({ queries, limits, front, hosts }: Deps) {
  return {
    async state({ userId, sessionId }: Subject): Promise<PushStateAnswer> {
      await limits.push(userId);
      const [{ key, own }, inFront] = await Promise.all([queries.find(sessionId), front.inFront([userId])]);
      return {
        ...(key === undefined ? {} : { key }),
        ...{ on: own !== undefined, front: inFront.has(userId) },
        ...(own?.hideText ? { hideText: true } : {}),
        ...(own && own.key !== key ? { stale: true } : {}),
      };
    },

    /** @throws Refusal `invalid` with the field, or `not_found` where the cluster sends no notifications. */
    async keep({ userId, sessionId }: Subject, body: PushBody): Promise<void> {
      await limits.push(userId);
      const { endpoint, hideText = false, ignored = [], language } = body;
      if (!isPushEndpoint(endpoint, hosts))
        throw new Refusal("invalid", { fields: { endpoint: "not_allowed" } });
      const [p256dh, auth] = [body.p256dh, body.auth].map((text) => Buffer.from(text, "base64url"));
      // An uncompressed point begins with 4.
      if (p256dh?.length !== 65 || p256dh[0] !== 4)
        throw new Refusal("invalid", { fields: { p256dh: "bad_format" } });
      if (auth?.length !== 16) throw new Refusal("invalid", { fields: { auth: "bad_format" } });
      const subscription = { sessionId, endpoint, p256dh, auth, hideText, ignored, language };
      if (!(await queries.keep(userId, subscription, MAX_OF_USER))) throw new Refusal("not_found");
    },

    async remove({ sessionId }: Subject): Promise<void> {
      await queries.remove(sessionId);
    },
  };
}
