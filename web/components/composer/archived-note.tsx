import { useApp, useWords } from "../app-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";

/** Replaces the composer of an archived room: says why nobody can write, and lets admins reopen the room. */
export function ArchivedNote() {
  const { chat, session, moderation } = useApp();
  const words = useWords().closing;
  const isAdmin = session.user.value?.role === "admin";
  return (
    <div class="composer guest" data-screen="archived">
      <p>{words.archived}</p>
      {isAdmin && (
        <AskingButton
          look="button primary"
          label={words.reopen}
          question={words.reopenAsk}
          act={() => void moderation.reopenRoom(chat.room.value.name)}
        />
      )}
    </div>
  );
}
