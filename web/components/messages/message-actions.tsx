import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RoomRole } from "../../../shared/http-api.ts";
import type { MessageRow } from "../../state/timeline.ts";
import { isPrivateName } from "../../sync/urls.ts";
import { useApp, useWords } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { startReply } from "../replies/start-reply.ts";
import type { MessageActionsProps } from "../slot.tsx";
import { useSecondsLeft } from "../ui/use-seconds-left.ts";
import { canCopy } from "./has-actions.ts";
import { ReactActions } from "./reactions.tsx";

/** The actions on a message, in a line below it. Closes when it loses the focus. */
export function MessageActions({ row, id, opener, close }: MessageActionsProps) {
  const words = useWords();
  const [asks, setAsks] = useState(false);
  const group = useRef<HTMLFieldSetElement>(null);

  // A question focuses its cancel button, which is never in the place of the button that opened the question.
  useLayoutEffect(() => {
    const buttons = [...(group.current?.querySelectorAll("button") ?? [])];
    buttons.at(asks ? -1 : 0)?.focus();
  }, [asks]);

  function done(act?: () => void) {
    act?.();
    opener.current?.focus();
    close();
  }

  /** Focuses the group, because the focused button is removed, and the actions close when they lose the focus. */
  function ask() {
    group.current?.focus();
    setAsks(true);
  }

  return (
    <fieldset
      class="actions"
      data-screen="message-actions"
      id={id}
      aria-label={asks ? words.deleteAsk : words.actions}
      // Focusable, so that the focus stays inside even in browsers that do not focus a pressed button.
      tabIndex={-1}
      ref={group}
      onFocusOut={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && group.current?.contains(relatedTarget))) close();
      }}
      onKeyDown={(event) => event.key === "Escape" && done()}
    >
      {asks ? <Question row={row} done={done} /> : <Choices row={row} done={done} ask={ask} />}
      {!asks && <ReactActions seq={row.seq} done={done} />}
    </fieldset>
  );
}

type GroupProps = { row: MessageRow; done: (act?: () => void) => void };

function Question({ row, done }: GroupProps) {
  const { chat } = useApp();
  const words = useWords();

  return (
    <>
      <span>{words.deleteAsk}</span>
      <button class="action grave" type="button" onClick={() => done(() => chat.remove(row.seq))}>
        {words.delete}
      </button>
      <button class="action" type="button" onClick={() => done()}>
        {words.keep}
      </button>
    </>
  );
}

function Choices({ row, done, ask }: GroupProps & { ask: () => void }) {
  const app = useApp();
  const { chat, composer, dialogs, ignored, rooms, session, toasts } = app;
  const { circles } = useOnDemand();
  const { circle, replies, ...words } = useDialogWords();
  const me = session.user.value;
  const here = chat.room.value.name;
  const { user, seq } = row;
  // The author of an imported message may be only a name.
  const isAccount = user.id !== "";

  return (
    <>
      {composer.mayWrite.value && (
        <button
          class="action"
          type="button"
          onClick={() => {
            done();
            startReply(app, row);
          }}
        >
          {replies.reply}
        </button>
      )}
      <TakeBackAction row={row} done={done} />
      {canCopy() && (
        <button class="action" type="button" onClick={() => done(copy)}>
          {words.copy}
        </button>
      )}
      {me && !row.mine && (
        <>
          <button class="action" type="button" onClick={() => done(report)}>
            {words.moderation.report}
          </button>
          {isAccount && !rooms.isLine(here) && (
            <button class="action" type="button" onClick={() => done(() => void circles.openLine(user.id))}>
              {circle.write}
            </button>
          )}
          {isAccount && (
            <button class="action" type="button" onClick={() => done(ignore)}>
              {words.moderation.ignore}
            </button>
          )}
        </>
      )}
      {me && me.role !== "user" && !row.mine && isAccount && (
        <button class="action" type="button" onClick={() => done(() => dialogs.show({ at: "person", user }))}>
          {words.moderation.moderate}
        </button>
      )}
      {mayModerate(me, here, rooms.roleIn(here)) && <PinAction seq={seq} done={done} />}
      {(row.mine || mayModerate(me, here, rooms.roleIn(here))) && (
        <button class="action grave" type="button" onClick={ask}>
          {words.delete}
        </button>
      )}
    </>
  );

  function copy() {
    navigator.clipboard.writeText(row.text ?? "").then(
      () => toasts.show({ about: "copied" }),
      () => toasts.show({ about: "not-copied" }),
    );
  }

  function report() {
    dialogs.show({ at: "report", room: chat.room.value.name, seq, user });
  }

  function ignore() {
    ignored.add(user);
    toasts.show({ about: "ignored", nickname: user.nickname });
  }
}

/** For the first seconds, which are counted down. */
function TakeBackAction({ row, done }: GroupProps) {
  const { takeBack } = useOnDemand();
  const words = useDialogWords().takingBack;
  const [until] = useState(() => takeBack.until(row));
  const seconds = useSecondsLeft(until).value;
  if (seconds === undefined) return null;
  return (
    <button class="action" type="button" onClick={() => done(() => takeBack.take(row.seq))}>
      {words.takeBack} <span aria-hidden="true">{seconds}</span>
    </button>
  );
}

/** Puts the message at the top of the room, or takes it down. */
function PinAction({ seq, done }: { seq: number; done: GroupProps["done"] }) {
  const { pins } = useOnDemand();
  const words = useDialogWords().pins;
  const isPinned = pins.pinned.value === seq;
  return (
    <button
      class="action"
      type="button"
      onClick={() => done(() => void (isPinned ? pins.unpin() : pins.pin(seq)))}
    >
      {isPinned ? words.unpin : words.pin}
    </button>
  );
}

/** A role in the cluster is none in a private room. */
function mayModerate(me: { role: string } | undefined, room: string, role?: RoomRole): boolean {
  const moderates = isPrivateName(room) ? role !== undefined && role !== "member" : me?.role !== "user";
  return me !== undefined && moderates;
}
