import { useState } from "preact/hooks";
import { useApp, useWords } from "../app-context.ts";
import { Slot } from "../slot.tsx";
import { Icon } from "../ui/icons.tsx";

const DETAILS_ID = "connection-details";

/** The status of the connection as a word and a colour; details on demand. */
export function ConnectionPill() {
  const { connection } = useApp();
  const words = useWords();
  const [opened, setOpened] = useState(false);
  const status = connection.status.value;
  const seconds = connection.secondsLeft.value;
  const stuck = ["waiting", "offline", "refused", "ended"].includes(status);
  return (
    <div class="connection" translate={false}>
      <button class="pill" type="button" popoverTarget={DETAILS_ID} data-connection={status}>
        <span class="pill-dot" />
        <span role="status">{words.connection[status]}</span>
        {status === "waiting" && seconds !== undefined && (
          <span class="pill-seconds">{words.duration(seconds)}</span>
        )}
        <Icon name="down" />
      </button>
      {stuck && (
        <button class="button quiet" type="button" onClick={connection.retryNow}>
          {words.retryNow}
        </button>
      )}
      <div
        class="popover connection-details"
        id={DETAILS_ID}
        data-screen="connection-details"
        popover="auto"
        onToggle={() => setOpened(true)}
      >
        <Slot part="ConnectionDetails" with={{}} now={opened} />
      </div>
    </div>
  );
}
