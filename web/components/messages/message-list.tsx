import type { Room } from "../../state/room.ts";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { Icon } from "../ui/icons.tsx";
import { usePaced } from "../ui/use-paced.ts";
import { Beginning } from "./beginning.tsx";
import { MessageRow } from "./message-row.tsx";
import { TypingLine } from "./typing-line.tsx";
import { useLean } from "./use-lean.ts";
import { useRovingTabindex } from "./use-roving-tabindex.ts";
import { useScroll } from "./use-scroll.ts";

/** The conversation. Follows the newest message at the bottom; scrolled up, it stands still and counts new messages. */
export function MessageList({ room }: { room: Room }) {
  const { rows, density, isReadAloud } = useApp();
  const words = useWords();
  const list = usePaced(rows);
  const { viewport } = room;
  const isReady = ["joined", "archived"].includes(room.state.value) || list.length > 0;
  const lean = useLean(list, viewport.atNewest.value, density.density.value);
  const scroll = useScroll(room, () => !lean.isLean && rows.peek() === list);
  const stop = useRovingTabindex(scroll.log, list);
  const loading = room.history.value === "loading";
  return (
    <div class="messages">
      <Restarted room={room} />
      <div
        class="log"
        role="log"
        aria-label={words.messages}
        aria-live={
          loading || room.isFast.value || !viewport.atNewest.value || !isReadAloud.value ? "off" : "polite"
        }
        aria-busy={!isReady}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by the keyboard
        tabIndex={0}
        ref={scroll.log}
        onScroll={scroll.scrolled}
        {...stop}
      >
        <Beginning room={room} isEmpty={list.length === 0} isReady={isReady} />
        <ol class="rows" ref={scroll.list}>
          {lean.rows.map((row) => (
            <MessageRow key={row.key} row={row} isLean={lean.isLean} />
          ))}
        </ol>
      </div>
      <TypingLine />
      <Slot part="FastRoom" with={{ room }} />
      <Slot part="Jumping" with={{ room }} />
      <Slot part="ToUnread" with={{ room }} />
      {!viewport.atNewest.value && <ToNewest room={room} />}
    </div>
  );
}

function ToNewest({ room: { viewport } }: { room: Room }) {
  const words = useWords();
  const unseen = viewport.unseen.value;
  return (
    <button class="to-newest" type="button" onClick={viewport.newest}>
      <Icon name="down" />
      {unseen > 0 ? words.newMessages(unseen) : words.toNewest}
    </button>
  );
}

/** The note of a restart. Placed above the view, because the beginning of the log is out of sight. */
function Restarted({ room }: { room: Room }) {
  const { status } = useApp().connection;
  const words = useWords();
  return (
    <div role="status">
      <Slot part="OfflineNote" with={{}} now={["waiting", "offline"].includes(status.value)} />
      {room.restarted.value && (
        <div class="restarted">
          <p>{words.restarted}</p>
          <button class="icon-button" type="button" aria-label={words.dismiss} onClick={room.forgetRestart}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
