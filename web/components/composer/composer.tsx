import { writingSentence } from "../../words/sentences.ts";
import { useApp, useWords } from "../app-context.ts";
import { ArchivedNote } from "./archived-note.tsx";
import { ComposerHint } from "./composer-hint.tsx";
import { WritingField } from "./writing-field.tsx";

/** The form to write messages. A guest gets a button to log in instead. */
export function Composer() {
  const { chat, connection, session, openAuth, composer, restriction, dialogs } = useApp();
  const words = useWords();
  // Nobody can write in a missing room. The message list shows the way out.
  if (chat.room.value.state.value === "missing") return null;
  if (chat.room.value.state.value === "archived") return <ArchivedNote />;
  if (session.state.value.at === "guest") {
    // Nobody can log in at an address that is not allowed. The message list says so.
    if (connection.status.value === "refused") return null;
    // While the log-in dialog is open, it shows the reason.
    const why = dialogs.open.value?.at === "auth" ? undefined : session.loggedOut.value;
    return (
      <div class="composer guest">
        <p role="status">
          {why ? words.loggedOut[why] : words.guestMayRead}
          {why && composer.draftWaits.value && ` ${words.draftKept}`}
        </p>
        <button class="button primary" type="button" onClick={openAuth}>
          {words.logIn}
        </button>
      </div>
    );
  }
  const problem = composer.problem.value;
  return (
    <div class="composer">
      <WritingField />
      <ComposerHint composer={composer} restriction={restriction.value} />
      <span class="hidden" role="status">
        {problem ? writingSentence(words, problem) : ""}
      </span>
    </div>
  );
}
