/** The answers to commands, as they are written to `command-results`. Pure. */
import type { Answer, AnswerCode } from "../../shared/kafka-commands.ts";

/** The event that a command made: its room and seq. */
export type Effect = { room?: string; seq?: number };

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
