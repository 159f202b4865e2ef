import { useState } from "preact/hooks";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { RemoteList } from "../ui/remote-list.tsx";

/** The open reports, for moderators. */
export function ReportsDialog() {
  const { dialogs, rooms, language } = useApp();
  const { moderation } = useOnDemand();
  const words = useDialogWords();
  const { moderation: said } = words;
  const { full } = language.dates.value;
  const nameOf = (person: { nickname: string } | null) => isolated(person?.nickname ?? said.somebody);
  return (
    <Dialog at="reports" title={said.reports}>
      <RemoteList list={moderation.reports} keyOf={(report) => report.id} empty={said.noReports}>
        {({ id, at, room, seq, author, reporter, reason, text, saidAt, saidAs }) => (
          <>
            <span class="remote-item-text">
              <strong>{reason || "–"}</strong>
              {text === null ? <Reported room={room} seq={seq} /> : <q dir="auto">{text}</q>}
              {saidAt !== null && (
                <span>
                  {said.saidOn(full.format(saidAt))}
                  {saidAs !== null && saidAs !== author?.nickname && ` ${said.saidAs(isolated(saidAs))}`}
                </span>
              )}
              <span>{said.reportOf(nameOf(author), isolated(rooms.titleOf(room)), nameOf(reporter))}</span>
              <span>
                {full.format(at)} · #{seq}
              </span>
            </span>
            <div class="also">
              {author && (
                <button
                  class="button quiet"
                  type="button"
                  onClick={() => dialogs.show({ at: "person", user: author })}
                >
                  {said.moderate}
                </button>
              )}
              <AskingButton
                look="button quiet"
                label={said.handled}
                question={said.handledAsk}
                act={() => void moderation.handleReport(id)}
              />
            </div>
          </>
        )}
      </RemoteList>
    </Dialog>
  );
}

/** Loads the message of a report that did not store it, on demand. */
function Reported({ room, seq }: { room: string; seq: number }) {
  const { moderation } = useOnDemand();
  const words = useDialogWords();
  const [found, setFound] = useState<{ text: string | undefined } | undefined>(undefined);
  if (found) return <q dir="auto">{found.text ?? words.deleted}</q>;
  return (
    <button class="link" type="button" onClick={() => void moderation.textOf(room, seq).then(setFound)}>
      {words.moderation.showMessage}
    </button>
  );
}
