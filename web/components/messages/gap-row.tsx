import type { Row } from "../../state/timeline.ts";
import { useApp, useWords } from "../app-context.ts";

/** A gap between messages, left while the person was away. A button fills it, a page at a time. */
export function GapRow({ row }: { row: Extract<Row, { kind: "gap" }> }) {
  const { chat } = useApp();
  const words = useWords();
  const room = chat.room.value;
  const filling = room.filling.value?.before === row.before ? room.filling.value.state : undefined;
  return (
    <li class="gap">
      {filling === "failed" && <span>{words.historyFailed}</span>}
      <button
        class="link"
        type="button"
        aria-busy={filling === "loading"}
        onClick={() => void room.fill(row.before)}
      >
        {filling === "loading" ? words.loadingOlder : words.between(row.count)}
      </button>
    </li>
  );
}
