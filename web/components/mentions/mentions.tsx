import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Dialog } from "../ui/dialog.tsx";
import { RemoteList } from "../ui/remote-list.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";
import { useTitleOf } from "../ui/use-title-of.ts";

/** Opens the list of one's mentions. */
export function Mentions() {
  const { session, dialogs } = useApp();
  const { unread } = useOnDemand();
  const { mentions: words, unread: said } = useDialogWords();
  if (!session.user.value) return null;
  const count = unread.mentions.value;
  const label = count === 0 ? words.mine : `${words.mine}: ${said.messages(unread.shown(count))}`;
  return (
    <button
      class="icon-button mentions-open"
      type="button"
      aria-label={label}
      title={label}
      onClick={() => dialogs.show({ at: "mentions" })}
    >
      {count > 0 && <span class="mention-count" data-count={unread.shown(count)} />}
    </button>
  );
}

/** One's mentions, the newest first. A message is one button: it goes there, so that links in it are text. */
export function MentionsDialog() {
  const { dialogs, language } = useApp();
  const titleOf = useTitleOf();
  const { mentions, jumps } = useOnDemand();
  const words = useDialogWords().mentions;
  const { full } = language.dates.value;
  return (
    <Dialog at="mentions" title={words.mine}>
      <RemoteList list={mentions.list} keyOf={({ event }) => `${event.room} ${event.seq}`} empty={words.none}>
        {({ event, read }) => (
          <button
            class="found-message mention-item"
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
              <RoleBadge role={event.role} short /> <bdi>{titleOf(event.room)}</bdi> · {full.format(event.at)}
            </span>
            <span dir="auto">{event.text}</span>
          </button>
        )}
      </RemoteList>
    </Dialog>
  );
}
