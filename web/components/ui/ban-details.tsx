import type { Ban } from "../../../shared/server-frames.ts";
import { useApp, useWords } from "../app-context.ts";

/** The end of a ban, in the reader's time zone, and its reason. */
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
