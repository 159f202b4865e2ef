/** The answers to commands, as they are written to `command-results`. Pure. */
import type { RefusalCode } from "../../shared/codes.ts";

/** The event that a command made: its room and seq. */
export type Effect = { room?: string; seq?: number };

/**
 * Why nothing was done. `forged`: no key of this cluster signed it. `malformed`: it has another form. `too_large`: it has too many
 * bytes. `expired`: it came too late, `expires_too_late`: its end is too far ahead. `unavailable`: until its end some store was away, and
 * whether it was done is not known. The others are refusals as people get them.
 */
export type AnswerCode = RefusalCode | "forged" | "malformed" | "too_large" | "expired" | "expires_too_late";

/** `record`: the partition and offset of the command. `repeated`: a command with this id was answered before, and this is that answer. */
export type Answer = { id?: string; record: string; key?: string; repeated?: true } & (
  | ({ ok: true } & Effect)
  | { ok: false; code: AnswerCode; detail: string }
);

/** How a command ended, for the counts. */
export type Outcome = "done" | "refused" | "expired" | "forged" | "malformed" | "repeated" | "failed";

const OUTCOMES: Partial<Record<AnswerCode, Outcome>> = {
  forged: "forged",
  malformed: "malformed",
  too_large: "malformed",
  expired: "expired",
  expires_too_late: "expired",
  unavailable: "failed",
  internal: "failed",
};

export function outcomeOf(answer: Answer): Outcome {
  if (answer.repeated) return "repeated";
  return answer.ok ? "done" : (OUTCOMES[answer.code] ?? "refused");
}

const DETAIL_CHARS = 200;

/** A detail may quote a command, so it holds no character that PostgreSQL cannot keep, and not many. */
export const detailOf = (words: string): string =>
  words
    .replace(/\p{Cc}/gu, "")
    .slice(0, DETAIL_CHARS)
    .toWellFormed();
