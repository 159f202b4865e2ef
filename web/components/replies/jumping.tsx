import { useEffect } from "preact/hooks";
import type { Room } from "../../state/room.ts";
import { useApp } from "../app-context.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";
import { showRow } from "./show-row.ts";
import { startReply } from "./start-reply.ts";
import { useSwipe } from "./use-swipe.ts";

/** Brings the place of a jump into view. A swipe over a row begins a reply. */
export function Jumping({ room }: { room: Room }) {
  const app = useApp();
  const { jumps } = useOnDemand();
  const words = useDialogWords().replies;
  const wanted = jumps.wanted.value;
  const isReady = wanted?.room === room.name && room.log.value.joined;
  useEffect(() => {
    if (isReady) void jumps.load(room);
  }, [isReady, wanted]);
  const reached = jumps.reached.value;
  useEffect(() => {
    if (reached?.room !== room.name) return undefined;
    return showRow(reached.seq, (isAtEnd) => {
      if (isAtEnd && room.viewport.newerHere() === 0) room.viewport.newest();
      jumps.arrived();
    });
  }, [reached]);
  useSwipe((seq) => {
    const event = room.viewport.shown.peek().find((each) => each.seq === seq);
    if (event?.type === "message") startReply(app, event);
  });
  return <div role="status">{jumps.loading.value && <p class="jump-loading">{words.loading}</p>}</div>;
}
