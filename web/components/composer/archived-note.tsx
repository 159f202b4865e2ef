import { useApp, useWords } from "../app-context.ts";
import { AskingButton } from "../ui/asking-button.tsx";

/** In place of the composer, below a room that is archived: why nobody can write, and for admins the way back. */
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
