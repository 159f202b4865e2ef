/**
 * Finds the sender of a request by its bearer token. Owns the refusal of a request without a valid token, not how
 * tokens are made.
 */
import type { Subject, Tokens } from "../../shared/server/identity/access-tokens.ts";
import { Refusal } from "../errors.ts";
import type { TokenUses } from "../sessions/token-uses.ts";
import type { Call } from "./request.ts";

export type Authentication = ReturnType<typeof createAuthentication>;

type AuthenticationDeps = {
  tokens: Pick<Tokens, "verify">;
  control: { isEnded: (sessionId: string) => boolean };
  uses: Pick<TokenUses, "note">;
};

export function createAuthentication({ tokens, control, uses }: AuthenticationDeps) {
  return { optionalUser, requireUser };

  /**
   * A token that is present must be valid, so that a page learns at once that its session has ended.
   * @returns the user of the request's token; undefined: a guest, without a token.
   * @throws Refusal `unauthenticated` or `session_expired`.
   */
  function optionalUser({ headers }: Call): Subject | undefined {
    if (headers.authorization === "") return undefined;
    const token = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
    const subject = token === undefined ? undefined : tokens.verify(token);
    if (subject === undefined) throw new Refusal("unauthenticated");
    if (control.isEnded(subject.sessionId)) throw new Refusal("session_expired", { reason: "ended" });
    uses.note(subject);
    return subject;
  }

  /** @returns the user of the request's token. @throws Refusal as `optionalUser`, and `unauthenticated` for a guest. */
  function requireUser(call: Call): Subject {
    const subject = optionalUser(call);
    if (subject === undefined) throw new Refusal("unauthenticated");
    return subject;
  }
}
