import { useEffect } from "preact/hooks";
import type { App } from "../../state/app.ts";
import type { TakeBack } from "../../state/take-back.ts";
import { isolated } from "../../words/sentences.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreIcon } from "../ui/more-icons.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";
import { startReply } from "./start-reply.ts";
import { TakeBackNote } from "./take-back-note.tsx";

/** Above the field: the message that the draft replies to, and a way out. Also the keys for it in the field. */
export function ReplyLine() {
  const app = useApp();
  const { composer } = app;
  const { takeBack } = useOnDemand();
  useEffect(() => {
    const press = (event: KeyboardEvent) => pressed(app, takeBack, event);
    // Before the page's own keys, so that Escape leaves the reply and nothing else.
    document.addEventListener("keydown", press, true);
    return () => document.removeEventListener("keydown", press, true);
  }, []);
  const to = composer.reply.value;
  return (
    <>
      <TakeBackNote />
      <div role="status">
        {to && <Line key={to.seq} seq={to.seq} name={to.user.nickname} text={to.text} />}
      </div>
    </>
  );
}

function Line({ seq, name, text }: { seq: number; name: string; text: string }) {
  const { composer, toasts, session } = useApp();
  const { quotes } = useOnDemand();
  const words = useDialogWords().replies;
  const quoted = quotes.of(seq).value;
  const isGone = quoted === "gone" || (quoted !== "loading" && quoted.deleted);
  useEffect(() => {
    if (!isGone) return;
    composer.replyTo(undefined);
    toasts.show({ about: "problem", code: "no_such_message" });
  }, [isGone]);
  const isMine = quoted !== "loading" && quoted !== "gone" && quoted.user.id === session.user.value?.id;
  return (
    <div class="reply-line">
      <MoreIcon name="reply" />
      <p class="reply-to">
        <span>{words.replyingTo(isMine ? words.self : isolated(name))}</span>
        {!isMine && <RoleBadge role={isGone || quoted === "loading" ? undefined : quoted.role} short />}
        <span class="reply-text" dir="auto">
          {text}
        </span>
      </p>
      <button
        class="icon-button"
        type="button"
        aria-label={words.leave}
        title={words.leave}
        onClick={() => {
          composer.replyTo(undefined);
          document.getElementById("message")?.focus();
        }}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** In an empty field, up takes back what was just said; otherwise up and down choose a message of somebody else. Escape leaves the reply. */
function pressed(app: App, takeBack: TakeBack, event: KeyboardEvent) {
  const { target, key } = event;
  if (!(target instanceof HTMLTextAreaElement) || target.id !== "message") return;
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const to = app.composer.reply.value;
  if (key === "Escape" && to) app.composer.replyTo(undefined);
  else if (key === "ArrowUp" && target.value === "") {
    const slip = to || event.repeat ? undefined : takeBack.newest();
    if (slip === undefined) choose(app, -1);
    else takeBack.take(slip);
  } else if (key === "ArrowDown" && target.value === "" && to) choose(app, 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Goes to the message before or after the chosen one; below the newest there is none. */
function choose(app: App, step: 1 | -1) {
  const { chat, composer, ignored, session } = app;
  const me = session.user.value?.id;
  const others = ignored
    .leftOf(chat.room.value.viewport.shown.value)
    .filter((event) => event.type === "message")
    .filter((event) => !event.deleted && event.user.id !== me);
  const now = composer.reply.value?.seq ?? Number.POSITIVE_INFINITY;
  const next = step < 0 ? others.findLast(({ seq }) => seq < now) : others.find(({ seq }) => seq > now);
  if (next) startReply(app, next);
  else if (step > 0) composer.replyTo(undefined);
}
