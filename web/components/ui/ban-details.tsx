import type { Ban } from "../../../shared/server-frames.ts";
import { useApp, useWords } from "../app-context.ts";

/** Until when somebody is shut out, in the reader's own time, and why. */
export function BanDetails({ ban: { reason, until } }: { ban: Ban }) {
  const { language } = useApp();
  const { account, fields } = useWords();
  const { full } = language.dates.value;
  return (
    <>
      <p>{until === null ? account.bannedForGood : account.bannedUntil(full.format(until))}</p>
      {reason && (
        <p>
          {fields.reason}: <q dir="auto">{reason}</q>
        </p>
      )}
    </>
  );
}
