import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { RemoteList } from "../ui/remote-list.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

/** Opens the list of one's mentions. */
export function Mentions() {
  const { session, dialogs } = useApp();
  const words = useDialogWords().mentions;
  if (!session.user.value) return null;
  return (
    <button
      class="icon-button mentions-open"
      type="button"
      aria-label={words.mine}
      title={words.mine}
      onClick={() => dialogs.show({ at: "mentions" })}
    >
      <span aria-hidden="true">@</span>
    </button>
  );
}

/** One's mentions, the newest first. A message is one button: it goes there. */
export function MentionsDialog() {
  const { dialogs, language, rooms } = useApp();
  const { mentions, jumps } = useOnDemand();
  const words = useDialogWords().mentions;
  const { full } = language.dates.value;
  return (
    <Dialog at="mentions" title={words.mine}>
      <RemoteList list={mentions.list} keyOf={({ event }) => `${event.room} ${event.seq}`} empty={words.none}>
        {({ event, read }) => (
          <button
            class="mention-item"
            type="button"
            data-unread={!read || undefined}
            onClick={() => {
              dialogs.close();
              jumps.to(event.room, event.seq);
            }}
          >
            <span>
              <strong>
                <bdi translate={false}>{event.user.nickname}</bdi>
              </strong>{" "}
              <RoleBadge role={event.role} short /> <bdi>{rooms.titleOf(event.room)}</bdi> ·{" "}
              {full.format(event.at)}
            </span>
            <span dir="auto">{event.text}</span>
          </button>
        )}
      </RemoteList>
    </Dialog>
  );
}
