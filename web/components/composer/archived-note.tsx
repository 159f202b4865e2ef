import { useApp, useWords } from "../app-context.ts";

/** In place of the composer, below a room that is archived: why nobody can write, and for admins the way back. */
export function ArchivedNote() {
  const { chat, session, moderation } = useApp();
  const words = useWords().closing;
  const isAdmin = session.user.value?.role === "admin";
  return (
    <div class="composer guest">
      <p>{words.archived}</p>
      {isAdmin && (
        <button
          class="button primary"
          type="button"
          onClick={() => void moderation.reopenRoom(chat.room.value.name)}
        >
          {words.reopen}
        </button>
      )}
    </div>
  );
}
