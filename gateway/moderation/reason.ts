/** Reasons by moderators and reporters. */
import { REASON_CHARS } from "../../shared/limits.ts";
import { prepareText } from "../../shared/text.ts";
import { Refusal } from "../errors.ts";

/**
 * @returns one line of text; empty when none was given.
 * @throws Refusal `invalid`.
 */
export function checkReason(raw: string): string {
  const reason = prepareText(raw.replace(/\s+/gu, " "), REASON_CHARS);
  if (reason.ok) return reason.text;
  if (reason.code === "empty") return "";
  throw new Refusal("invalid", {
    fields: { reason: reason.code === "too_long" ? "too_long" : "not_allowed" },
  });
}
