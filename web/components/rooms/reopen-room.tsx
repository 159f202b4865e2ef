import { useApp, useWords } from "../app-context.ts";
import { useOnDemand } from "../on-demand-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";

/** Lets an admin reopen the archived room on screen. */
export function ReopenRoom() {
  const { chat } = useApp();
  const { moderation } = useOnDemand();
  const words = useWords().closing;
  return (
    <AskingButton
      look="button primary"
      label={words.reopen}
      question={words.reopenAsk}
      act={() => void moderation.reopenRoom(chat.room.value.name)}
    />
  );
}
