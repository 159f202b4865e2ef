import type { Report } from "../../../shared/http-api.ts";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Links } from "../ui/links.tsx";
import { RemoteList } from "../ui/remote-list.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";
import { useTitleOf } from "../ui/use-title-of.ts";
import { RaidSwitch } from "./raid-switch.tsx";
import { ReportActs } from "./report-acts.tsx";
import { ReportContext } from "./report-context.tsx";
import { ReportedText } from "./reported-text.tsx";

/** The open reports with what to do about each, and raid mode, for moderators. */
export function ReportsDialog() {
  const { reports } = useOnDemand();
  const { moderation: said } = useDialogWords();
  return (
    <Dialog at="reports" title={said.reports}>
      <RemoteList list={reports} keyOf={(report) => report.id} empty={said.noReports}>
        {(report) => (
          <div class="report">
            <About report={report} />
            <ReportContext room={report.room} seq={report.seq} />
            <ReportActs report={report} />
          </div>
        )}
      </RemoteList>
      <RaidSwitch />
    </Dialog>
  );
}

/** Stands for the author in the sentence of a report; no name and no title has it. */
const HERE = "\n";

/** The people of a report, its reason, and the message as it was. */
function About({ report }: { report: Report }) {
  const { language } = useApp();
  const titleOf = useTitleOf();
  const { moderation: said } = useDialogWords();
  const { full } = language.dates.value;
  const { at, room, seq, author, reporter, reason, text, saidAt, saidAs } = report;
  const nameOf = (person: { nickname: string } | null) => isolated(person?.nickname ?? said.somebody);
  const [before, after] = said.reportOf(HERE, isolated(titleOf(room)), nameOf(reporter)).split(HERE);
  return (
    <span class="remote-item-text">
      <strong>{reason || "–"}</strong>
      {text === null ? (
        <ReportedText room={room} seq={seq} />
      ) : (
        <q dir="auto">
          <Links text={text} />
        </q>
      )}
      {saidAt !== null && (
        <span>
          {said.saidOn(full.format(saidAt))}
          {saidAs !== null && saidAs !== author?.nickname && ` ${said.saidAs(isolated(saidAs))}`}
        </span>
      )}
      <span>
        {before}
        {nameOf(author)} <RoleBadge role={author?.role} short />
        {after}
      </span>
      <span>
        {full.format(at)} · #{seq}
      </span>
    </span>
  );
}
