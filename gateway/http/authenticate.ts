/** Who calls, by the bearer token. */
import type { Subject, Tokens } from "../../shared/server/identity/access-tokens.ts";
import { Refusal } from "../errors.ts";
import type { TokenUses } from "../sessions/token-uses.ts";
import type { Call } from "./request.ts";

export type Callers = ReturnType<typeof createCallers>;

type CallersDeps = {
  tokens: Pick<Tokens, "verify">;
  control: { isEnded: (sessionId: string) => boolean };
  uses: Pick<TokenUses, "note">;
};

export function createCallers({ tokens, control, uses }: CallersDeps) {
  /**
   * Who calls; null: a guest, who brings no token. A token that is brought must be good, so that a page learns at once
   * that its session has ended. @throws Refusal `unauthenticated` or `session_expired`.
   */
  const caller = ({ headers }: Call): Subject | null => {
    if (headers.authorization === "") return null;
    const token = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
    const subject = token === undefined ? null : tokens.verify(token);
    if (subject === null) throw new Refusal("unauthenticated");
    if (control.isEnded(subject.sessionId)) throw new Refusal("session_expired", { reason: "ended" });
    uses.note(subject);
    return subject;
  };
  return {
    caller,
    /** Who calls. @throws Refusal also for a guest. */
    user(call: Call): Subject {
      const subject = caller(call);
      if (subject === null) throw new Refusal("unauthenticated");
      return subject;
    },
  };
}
