import { useComputed } from "@preact/signals";
import { useApp, useWords } from "../app-context.ts";
import { usePaced } from "../ui/use-paced.ts";

/** Details of the connection: gateway, round trip, and the lag of the database. */
export function ConnectionDetails() {
  const { connection, chat } = useApp();
  const words = useWords();
  const status = connection.status.value;
  const socket = connection.socket.value;
  // Paced, because each message changes it, even while the details are closed.
  const { last, stored } = usePaced(useComputed(() => chat.room.value.log.value));
  const { connections } = chat.room.value.counts.value;
  const roundTrip = connection.roundTripMs.value;
  const seconds = connection.secondsLeft.value;
  return (
    <>
      <p>{words.connectionExplained[status]}</p>
      {seconds !== undefined && <p class="hint">{words.nextTryIn(seconds)}</p>}
      {socket.at === "live" && (
        <dl>
          <dt>{words.details.gateway}</dt>
          <dd data-gateway={socket.gateway}>{socket.gateway}</dd>
          <dt>{words.details.roundTrip}</dt>
          <dd>{roundTrip === undefined ? "–" : words.milliseconds(roundTrip)}</dd>
          <dt>{words.details.connections}</dt>
          <dd>{connections}</dd>
          <dt>{words.details.head}</dt>
          <dd>#{last}</dd>
          <dt>{words.details.stored}</dt>
          <dd>{last > stored ? words.notYetStored(last - stored) : words.allStored}</dd>
        </dl>
      )}
    </>
  );
}
