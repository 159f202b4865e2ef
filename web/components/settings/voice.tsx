import { isolated } from "../../words/sentences.ts";
import { useDialogWords, useOnDemand } from "../on-demand-context.ts";

/** Reads out messages that speak to the person, for those who want to hear only these. */
export function Voice() {
  const { settings, mentionAlerts } = useOnDemand();
  const words = useDialogWords();
  const event = mentionAlerts.newest.value;
  const isWanted = settings.aloud.value === "mentions" && event !== undefined;
  return (
    <span class="hidden" role="status">
      {isWanted && words.preferences.spoken(isolated(event.user.nickname), event.text ?? "")}
    </span>
  );
}
