import { useApp, useWords } from "../app-context.ts";
import { Icon } from "../ui/icons.tsx";
import { ConnectionDetails } from "./connection-details.tsx";

const DETAILS_ID = "connection-details";

/** The status of the connection as a word and a colour; details on demand. */
export function ConnectionPill() {
  const { connection } = useApp();
  const words = useWords();
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
      <ConnectionDetails id={DETAILS_ID} />
    </div>
  );
}
