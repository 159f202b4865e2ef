import { useApp, useWords } from "../app-context.ts";
import { Icon } from "../ui/icons.tsx";

/** Sends the draft. Counts down while the slow mode of the room holds the next message back; pressed meanwhile, it waits its turn. */
export function SendButton() {
  const { composer } = useApp();
  const words = useWords();
  const seconds = composer.secondsToWait.value;
  return (
    <button
      class="send"
      type="submit"
      aria-label={seconds === undefined ? words.send : `${words.send} (${seconds})`}
      disabled={!composer.canSend.value}
      // Keeps the focus, and with it a phone's keyboard, in the field.
      onPointerDown={(event) => event.preventDefault()}
    >
      {seconds === undefined ? <Icon name="send" /> : <span class="send-wait" data-seconds={seconds} />}
    </button>
  );
}
