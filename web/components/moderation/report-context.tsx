import { useEffect, useState } from "preact/hooks";
import type { MessageEvent } from "../../../shared/server-frames.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Links } from "../ui/links.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

/** The messages around a reported one, which is marked. Nothing where the moderator may not read, or nothing is left. */
export function ReportContext({ room, seq }: { room: string; seq: number }) {
  const { reports } = useOnDemand();
  const words = useDialogWords();
  const [around, setAround] = useState<readonly MessageEvent[]>([]);
  useEffect(() => {
    let isShown = true;
    void reports.context(room, seq).then((found) => isShown && setAround(found));
    return () => {
      isShown = false;
    };
  }, [room, seq]);
  if (around.length === 0) return null;
  return (
    <ol class="report-context" aria-label={words.moderation.around}>
      {around.map((event) => (
        <li key={event.seq} aria-current={event.seq === seq ? "true" : undefined}>
          <bdi class="report-context-name" translate={false}>
            {event.user.nickname}
          </bdi>{" "}
          <RoleBadge role={event.role} short />{" "}
          <span dir="auto">{event.text === undefined ? words.deleted : <Links text={event.text} />}</span>
        </li>
      ))}
    </ol>
  );
}
