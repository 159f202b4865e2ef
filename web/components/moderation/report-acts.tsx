import { useState } from "preact/hooks";
import type { Report } from "../../../shared/http-api.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Check } from "../ui/check.tsx";

/** The acts on a report, one tap each: every one closes it. Nothing here is beyond recall but a deletion, so only that and a ban warn. */
export function ReportActs({ report: { id, room, seq, author } }: { report: Report }) {
  const { session, dialogs } = useApp();
  const { reports, jumps } = useOnDemand();
  const { moderation: said } = useDialogWords();
  const [removes, setRemoves] = useState(false);
  const [busy, setBusy] = useState(false);
  const isAdmin = session.user.value?.role === "admin";

  async function act(what: "dismiss" | "delete" | "mute" | "ban") {
    if (busy) return;
    setBusy(true);
    await reports.act(id, { act: what, removeMessages: removes });
    setBusy(false);
  }

  return (
    <fieldset class="also report-acts" aria-label={said.actsOf} aria-busy={busy}>
      <button class="button grave" type="button" onClick={() => void act("delete")}>
        {said.deleteIt}
      </button>
      {author && (
        <>
          <button class="button quiet" type="button" onClick={() => void act("mute")}>
            {said.muteTen}
          </button>
          {isAdmin && (
            <button class="button grave" type="button" onClick={() => void act("ban")}>
              {said.ban}
            </button>
          )}
          <Check name={`remove-${id}`} label={said.removeToo} onChange={setRemoves} />
        </>
      )}
      <span class="report-acts-rest">
        <button
          class="button quiet"
          type="button"
          onClick={() => {
            dialogs.close("reports");
            jumps.to(room, seq);
          }}
        >
          {said.goThere}
        </button>
        {author && (
          <button
            class="button quiet"
            type="button"
            onClick={() => dialogs.show({ at: "person", user: author })}
          >
            {said.moderate}
          </button>
        )}
        <button class="button quiet" type="button" onClick={() => void act("dismiss")}>
          {said.dismissIt}
        </button>
      </span>
    </fieldset>
  );
}
