import { useState } from "preact/hooks";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Links } from "../ui/links.tsx";

/** Loads the message of a report that did not store it, on demand. */
export function ReportedText({ room, seq }: { room: string; seq: number }) {
  const { reports } = useOnDemand();
  const words = useDialogWords();
  const [found, setFound] = useState<{ text: string | undefined } | undefined>(undefined);
  if (found)
    return <q dir="auto">{found.text === undefined ? words.deleted : <Links text={found.text} />}</q>;
  return (
    <button class="link" type="button" onClick={() => void reports.textOf(room, seq).then(setFound)}>
      {words.moderation.showMessage}
    </button>
  );
}
