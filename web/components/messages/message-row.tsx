import { useId, useRef, useState } from "preact/hooks";
import type { NoticeEvent } from "../../../shared/server-frames.ts";
import type { Row } from "../../state/timeline.ts";
import { systemClock } from "../../sync/clock.ts";
import type { OutboxEntry } from "../../sync/outbox-entry.ts";
import { isolated, noticeSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { Avatar, hueOf } from "../ui/avatar.tsx";
import { Icon } from "../ui/icons.tsx";
import { NameButton } from "../ui/name-button.tsx";
import { RoleBadge } from "../ui/role-badge.tsx";
import { Bubble } from "./bubble.tsx";
import { GapRow } from "./gap-row.tsx";
import { hasActions } from "./has-actions.ts";
import { createLongPress } from "./long-press.ts";
import { Time } from "./message-time.tsx";
import { DelayNote, WaitingNote } from "./waiting-note.tsx";

type Spoken = Extract<Row, { kind: "message" | "waiting" }>;

/** @param isLean omits the actions, because the row disappears before anybody could use them. */
export function MessageRow({ row, isLean }: { row: Row; isLean: boolean }) {
  const { language } = useApp();
  const words = useWords();
  if (row.kind === "day") {
    return (
      <li class="day">
        <span>{language.dates.value.day.format(row.at)}</span>
      </li>
    );
  }
  if (row.kind === "notice") {
    return (
      <li class="system" data-row>
        <NoticeText event={row.event} />
      </li>
    );
  }
  if (row.kind === "deletions") {
    return (
      <li class="system" data-row>
        {words.deletedRun(row.count)}
      </li>
    );
  }
  if (row.kind === "unread") return <Slot part="UnreadLine" with={{ at: row.at }} />;
  if (row.kind === "gap") return <GapRow row={row} />;
  return <Spoken row={row} isLean={isLean} />;
}

/** The sentence of a notice, in which the name of the person it is about can be chosen. */
function NoticeText({ event }: { event: NoticeEvent }) {
  const sentence = noticeSentence(useWords(), event);
  const name = isolated(event.user?.nickname ?? "");
  const at = sentence.lastIndexOf(name);
  if (!event.user || at < 0) return <span>{sentence}</span>;
  return (
    <span>
      {sentence.slice(0, at)}
      <NameButton user={event.user} shown={event.user.nickname} />
      {sentence.slice(at + name.length)}
    </span>
  );
}

function AuthorName({ row }: { row: Spoken }) {
  const words = useWords();
  const said = row.kind === "message" ? row : undefined;
  return (
    <span class={`author hue-${hueOf(row.user.id)}`}>
      <NameButton
        user={row.user}
        shown={row.mine ? words.you : row.user.nickname}
        role={said?.role}
        seq={said?.seq}
      />
      {!row.mine && <RoleBadge role={said?.role} />}
    </span>
  );
}

function Spoken({ row, isLean }: { row: Spoken; isLean: boolean }) {
  const { session } = useApp();
  const words = useWords();
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [press] = useState(() => createLongPress(systemClock.after, () => opener.current && setOpen(true)));
  const look = lookOf(row);
  const entry = entryOf(row);
  const isWaiting = entry?.state === "pending" || (row.kind === "message" && entry?.state === "sent");
  const acts =
    row.kind === "message" && !isWaiting && !(isLean && !open) && hasActions(row, session.user.value);
  return (
    <li
      class={look}
      data-row
      data-seq={row.kind === "message" ? row.seq : undefined}
      data-state={row.kind === "waiting" ? row.entry.state : "sent"}
    >
      {!row.mine && row.starts && <Avatar user={row.user} />}
      <div class="said">
        <QuoteOf row={row} />
        <AuthorName row={row} />
        <div class={open && acts ? "bubble-line open" : "bubble-line"}>
          <Bubble said={row} press={press} />
          {entry && isWaiting ? (
            <WaitingNote entry={entry} />
          ) : (
            <Time at={row.at} withDay={row.kind === "waiting" && row.late} />
          )}
          {acts && (
            <button
              class="more"
              type="button"
              tabIndex={-1}
              aria-label={words.actions}
              aria-expanded={open}
              aria-controls={id}
              ref={opener}
              // Taking the focus would close the actions that the click is about to toggle.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => {
                setOpen((wasOpen) => !wasOpen);
                opener.current?.focus();
              }}
            >
              <Icon name="more" />
            </button>
          )}
        </div>
        {row.kind === "message" && row.text !== undefined && (
          <Slot part="Reactions" with={{ seq: row.seq }} />
        )}
        {acts && open && (
          <Slot part="MessageActions" with={{ row, id, opener, close: () => setOpen(false) }} now />
        )}
        {entry && isWaiting && <DelayNote entry={entry} />}
        {(entry?.state === "failed" || entry?.state === "unsure") && <WaitingNote entry={entry} />}
      </div>
    </li>
  );
}

function lookOf(row: Spoken): string {
  const { mine, starts, tells } = row;
  const isToMe = row.kind === "message" && row.toMe;
  return `row ${mine ? "mine" : "theirs"}${starts ? " starts" : ""}${tells ? " tells" : ""}${isToMe ? " to-me" : ""}`;
}

/** The message that this one replies to. Its line has its height before it is there. */
function QuoteOf({ row }: { row: Spoken }) {
  const seq = row.kind === "message" ? row.reply?.seq : row.entry.replyTo;
  if (seq === undefined) return null;
  return <Slot part="Quote" with={{ seq }} fallback={<span class="quote" />} />;
}

/** The pending command about this message: to send it, or to delete it. */
function entryOf(row: Spoken): OutboxEntry | undefined {
  if (row.kind === "waiting") return row.entry;
  return row.text === undefined ? undefined : row.removal;
}
