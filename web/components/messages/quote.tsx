import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { hueOf } from "../ui/avatar.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

/** The message that a row replies to, in one line. A click goes there, so that links in it are text: no link stands in a button. */
export function Quote({ seq }: { seq: number }) {
  const { chat, ignored, session } = useApp();
  const { jumps, quotes } = useOnDemand();
  const words = useDialogWords();
  const quoted = quotes.of(seq).value;
  const isMessage = typeof quoted !== "string";
  const isHidden = isMessage && ignored.has(quoted.user.id);
  const name = isMessage && !isHidden ? quoted.user.nickname : undefined;
  const isMine = isMessage && quoted.user.id === session.user.value?.id;
  const text = isHidden
    ? words.replies.hidden
    : isMessage
      ? (quoted.text ?? words.deleted)
      : words.replies[quoted];
  const isThere = isMessage && !isHidden && quoted.text !== undefined;
  return (
    <button
      class="quote"
      type="button"
      tabIndex={-1}
      // Not `disabled`: it would lose the focus.
      aria-disabled={quoted === "gone"}
      onClick={() => quoted === "gone" || jumps.to(chat.room.value.name, seq)}
    >
      <MoreIcon name="reply" />
      <span class="hidden">{words.replies.repliesTo}</span>
      {name !== undefined && (
        <bdi class={`quote-name hue-${hueOf(isMessage ? quoted.user.id : "")}`} translate={false}>
          {isMine ? words.you : name}
        </bdi>
      )}
      {isMessage && !isHidden && !isMine && <RoleBadge role={quoted.role} short />}
      <span class={isThere ? "quote-text" : "quote-text absent"} dir="auto">
        {quoted === "loading" ? "\u00a0" : text}
      </span>
    </button>
  );
}
