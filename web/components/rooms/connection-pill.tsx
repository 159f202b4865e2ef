import { useApp, useWords } from "../app-context.ts";
import { Icon } from "../ui/icons.tsx";
import { ConnectionDetails } from "./connection-details.tsx";

const DETAILS_ID = "connection-details";

/** Whether this page is live, in one word and a colour; more on demand. */
export function ConnectionPill() {
  const { connection } = useApp();
  const words = useWords();
  const word = connection.word.value;
  const seconds = connection.secondsLeft.value;
  const stuck = word === "waiting" || word === "offline" || word === "ended";
  return (
    <div class="connection" translate={false}>
      <button class="pill" type="button" popoverTarget={DETAILS_ID} data-connection={word}>
        <span class="pill-dot" />
        <span role="status">{words.connection[word]}</span>
        {word === "waiting" && seconds !== undefined && (
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
