import { useEffect } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";

/** The number of unread messages of a room in the list, and a mark where somebody speaks to the person. */
export function UnreadMark({ room }: { room: string }) {
  const { unread } = useOnDemand();
  const words = useDialogWords().unread;
  const { messages, mentions } = unread.of(room);
  const { silent } = useDialogWords().notifications;
  if (unread.isSilent(room))
    return (
      <span class="silent-mark" role="img" aria-label={silent} title={silent}>
        <MoreIcon name="silent" />
      </span>
    );
  if (messages === 0) return null;
  const count = unread.shown(messages);
  return (
    <>
      {mentions > 0 && (
        <span class="mention-mark" aria-hidden="true">
          @
        </span>
      )}
      <span class="unread-mark" aria-hidden="true" translate={false}>
        {count}
      </span>
      <span class="hidden">
        {[words.messages(count), ...(mentions > 0 ? [words.mentions(unread.shown(mentions))] : [])].join(
          ", ",
        )}
      </span>
    </>
  );
}

/** The number of all unread messages, on the button that opens the list on a phone. */
export function UnreadTotal() {
  const { unread } = useOnDemand();
  const total = unread.total.value;
  return total === 0 ? null : (
    <span class="unread-mark unread-total" translate={false}>
      {unread.shown(total)}
    </span>
  );
}

/** Marks everything as read, also by keys. */
export function ReadAll() {
  const { dialogs } = useApp();
  const { unread } = useOnDemand();
  const words = useDialogWords().unread;
  const isAny = unread.total.value > 0;
  useEffect(() => {
    if (!isAny) return;
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [isAny]);
  if (!isAny) return null;
  return (
    <button
      class="icon-button read-all"
      type="button"
      aria-label={words.readAll}
      title={`${words.readAll} · ${words.readAllKeys}`}
      onClick={unread.readAll}
    >
      <Icon name="done" />
    </button>
  );

  function pressed(event: KeyboardEvent) {
    if (event.key !== "Escape" || !event.shiftKey || dialogs.open.peek()) return;
    event.preventDefault();
    unread.readAll();
  }
}
