import { useEffect, useRef } from "preact/hooks";
import type { Room } from "../../state/room.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { Icon } from "../ui/icons.tsx";

/** The line above the first unread message. */
export function UnreadLine({ at }: { at: number }) {
  const { language } = useApp();
  const { unread } = useOnDemand();
  const words = useDialogWords().unread;
  const line = useRef<HTMLLIElement>(null);
  const { time, dayAndTime } = language.dates.value;
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => entry && unread.lineMoved(isAbove(entry)));
    if (line.current) watch.observe(line.current);
    if (unread.takeWish()) goTo(line.current);
    return () => {
      watch.disconnect();
      unread.lineMoved(undefined);
    };
  }, []);
  return (
    <li class="unread-line" tabIndex={-1} ref={line}>
      <span>{words.since((isToday ? time : dayAndTime).format(at))}</span>
    </li>
  );
}

/** Goes to the line while it is out of sight, above. */
export function ToUnread({ room }: { room: Room }) {
  const { unread } = useOnDemand();
  const words = useDialogWords().unread;
  if (!unread.isLineAbove.value) return null;
  return (
    <div class="to-unread">
      <button
        type="button"
        onClick={() => {
          void unread.bringLine(room);
          const line = document.querySelector<HTMLElement>(".unread-line");
          if (line && unread.takeWish()) goTo(line);
        }}
      >
        <Icon name="down" />
        {words.jump(unread.shown(unread.countAtStart.value))}
      </button>
      <button type="button" aria-label={words.dismiss} onClick={unread.dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function goTo(line: HTMLElement | null) {
  line?.scrollIntoView({ block: "start" });
  line?.focus({ preventScroll: true });
}

const isAbove = ({ isIntersecting, boundingClientRect, rootBounds }: IntersectionObserverEntry): boolean =>
  !isIntersecting && boundingClientRect.bottom <= (rootBounds?.top ?? 0) + innerHeight / 2;
