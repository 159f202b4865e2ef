import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";

/** The pinned message in one line at the top of the conversation: pressed, it leads there, so that links in it are text. Gone when the message is deleted. */
export function PinnedLine() {
  const { chat, ignored } = useApp();
  const { pins, quotes, jumps } = useOnDemand();
  const words = useDialogWords();
  const seq = pins.shown.value;
  if (seq === undefined) return null;
  const message = quotes.of(seq).value;
  if (typeof message === "string" || message.text === undefined || ignored.has(message.user.id)) return null;
  return (
    <section class="pinned" aria-label={words.pins.pinned}>
      <button class="pinned-to" type="button" onClick={() => jumps.to(chat.room.value.name, seq)}>
        <MoreIcon name="pin" />
        <span class="hidden">{words.pins.goTo} </span>
        <bdi class="pinned-name" translate={false}>
          {message.user.nickname}
        </bdi>
        <RoleBadge role={message.role} short />
        <span class="pinned-text" dir="auto">
          {message.text}
        </span>
      </button>
      <button class="icon-button" type="button" aria-label={words.pins.dismiss} onClick={pins.dismiss}>
        <Icon name="close" />
      </button>
    </section>
  );
}
